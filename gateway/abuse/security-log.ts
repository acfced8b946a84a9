/** The security log: what was refused to whom, and every ban, written behind the requests and kept for months. */
import type { SecurityEvent } from './security-event.ts';

export interface SecurityRecord {
  readonly event: SecurityEvent;
  /** Milliseconds since 1970, of the first. */
  readonly atMs: number;
  /** How often it happened within a second. */
  readonly times: number;
}

/** A record as it is read: `id` orders records, and is where the next reading begins. */
export type StoredRecord = {
  readonly id: string;
  readonly at: string;
  readonly times: number;
} & SecurityEvent;

/** What is after this record, or from this time on, in milliseconds since 1970. */
export type Since = { readonly id: string } | { readonly atMs: number };

/** Both reject when the store is away. */
export interface SecurityLogStore {
  append(records: readonly SecurityRecord[]): Promise<void>;
  /** The oldest first. */
  read(since: Since, limit: number): Promise<readonly StoredRecord[]>;
}

export interface SecurityLog {
  /** Never throws, and nobody waits. */
  write(event: SecurityEvent): void;
  /** Also what has just been written. Rejects when the store is away. */
  read(since: Since, limit: number): Promise<readonly StoredRecord[]>;
  /** Writes what is left, if the store takes it. */
  close(): Promise<void>;
}

export interface SecurityLogOptions {
  readonly store: SecurityLogStore;
  /** Records that wait for a store that is away; further ones are lost. */
  readonly maxQueued: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told once, until the store takes records again. */
  readonly onAway: (error: unknown) => void;
  readonly onLost: () => void;
}

const flushIntervalMs = 1_000;
const maxBatch = 500;

/** What is the same within a second is one record: who repeats an attack a thousand times does not fill the log. */
export function createSecurityLog({
  store,
  maxQueued,
  now,
  onAway,
  onLost,
}: SecurityLogOptions): SecurityLog {
  let queued = new Map<string, SecurityRecord>();
  let isAway = false;
  let flushing: Promise<void> | undefined;

  const flushOnce = async (): Promise<void> => {
    while (queued.size > 0) {
      const batch = [...queued].slice(0, maxBatch);
      for (const [key] of batch) queued.delete(key);
      try {
        await store.append(batch.map(([, record]) => record));
        isAway = false;
      } catch (error) {
        // What came meanwhile stays behind what came before it.
        queued = new Map([
          ...batch.map(([, record], at) => [`again ${record.atMs} ${at}`, record] as const),
          ...queued,
        ]);
        if (!isAway) onAway(error);
        isAway = true;
        return;
      }
    }
  };
  const flush = (): Promise<void> => {
    flushing ??= flushOnce().finally(() => {
      flushing = undefined;
    });
    return flushing;
  };
  const timer = setInterval(() => void flush(), flushIntervalMs);
  timer.unref();

  return {
    write(event) {
      const key = toKey(event);
      const known = queued.get(key);
      if (known) queued.set(key, { ...known, times: known.times + 1 });
      else if (queued.size < maxQueued) queued.set(key, { event, atMs: now(), times: 1 });
      else onLost();
    },
    async read(since, limit) {
      await flush();
      return store.read(since, limit);
    },
    async close() {
      clearInterval(timer);
      await flushing;
      await flush();
    },
  };
}

/** Of two requests that differ in nothing else the log needs only one id. */
function toKey(event: SecurityEvent): string {
  return JSON.stringify({ ...event, requestId: undefined });
}

/** How a record is stored, but for its id. */
export function toStored({ event, atMs, times }: SecurityRecord): Omit<StoredRecord, 'id'> {
  return { at: new Date(atMs).toISOString(), times, ...event };
}
