/** Counts the uses of registered operations by client, version and document id, in bounded memory. */
import type { Client } from '../request-context.ts';

/** What the registry is told of one version of one client. */
export interface ClientUsage {
  /** `none` for one that did not say its name. */
  readonly client: string;
  readonly version: string;
  readonly operations: readonly OperationUsage[];
}

export interface OperationUsage {
  readonly documentId: string;
  readonly count: number;
  /** ISO 8601. */
  readonly lastSeenAt: string;
}

export interface UsageCounter {
  count(client: Client, documentId: string): void;
  /** Some of what was counted, of so many combinations at most; those are counted from nothing then. */
  take(atMost: number): ClientUsage[];
  /** What was taken and could not be handed in. */
  giveBack(usage: readonly ClientUsage[]): void;
}

export interface UsageCounterOptions {
  /** Of different combinations; clients choose their names and versions themselves. */
  readonly maxEntries: number;
  /** Told of uses that found no room. */
  readonly onDropped: (count: number) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Entry {
  readonly client: string;
  readonly version: string;
  readonly documentId: string;
  count: number;
  lastSeenMs: number;
}

export function createUsageCounter({ maxEntries, onDropped, now }: UsageCounterOptions): UsageCounter {
  const entries = new Map<string, Entry>();

  const add = (counted: Entry): void => {
    const { count, lastSeenMs } = counted;
    const key = keyOf(counted);
    const entry = entries.get(key);
    if (entry) {
      entry.count += count;
      entry.lastSeenMs = Math.max(entry.lastSeenMs, lastSeenMs);
    } else if (entries.size < maxEntries) entries.set(key, counted);
    else onDropped(count);
  };

  return {
    count: ({ name: client = 'none', version = 'none' }, documentId) =>
      add({ client, version, documentId, count: 1, lastSeenMs: now() }),
    take(atMost) {
      const taken = [...entries.values()].slice(0, atMost);
      for (const entry of taken) entries.delete(keyOf(entry));
      const byClient = Map.groupBy(taken, ({ client, version }) => JSON.stringify([client, version]));
      return [...byClient.values()].flatMap((group) => {
        const [first] = group;
        if (!first) return [];
        const operations = group.map(({ documentId, count, lastSeenMs }) => ({
          ...{ documentId, count, lastSeenAt: new Date(lastSeenMs).toISOString() },
        }));
        return { client: first.client, version: first.version, operations };
      });
    },
    giveBack(usage) {
      for (const { client, version, operations } of usage)
        for (const { documentId, count, lastSeenAt } of operations)
          add({ client, version, documentId, count, lastSeenMs: Date.parse(lastSeenAt) });
    },
  };
}

function keyOf({ client, version, documentId }: Entry): string {
  return `${documentId}${client}\n${version}`;
}
