/** The operations that clients have registered: the only ones that a gateway in production runs. */
import { hash } from 'node:crypto';
import type { Client } from '../request-context.ts';

/** One operation of one document, as one client may run it. */
export interface RegisteredOperation {
  /** `sha256:` and the SHA-256 of `body` in hexadecimal. */
  readonly id: string;
  readonly body: string;
  /** Of the operation in `body`; no other one of the document runs. */
  readonly name: string;
  readonly type: 'query' | 'mutation' | 'subscription';
  /** The name of the client that may run it; without it any may. */
  readonly client?: string | undefined;
  /** The only version of the client that may; without it all of them. */
  readonly version?: string | undefined;
  /** The mini-programs whose users may; without it those of any. */
  readonly appIds?: readonly string[] | undefined;
  /** How long the device of the person who asked may keep the answer. Without it the subgraphs decide. */
  readonly maxAgeSeconds?: number | undefined;
}

/** Why an id leads to no operation. */
export type Miss = 'unknown' | 'retired' | 'other client' | 'other operation';

export interface Safelist {
  /** Without those that are retired. */
  readonly operations: readonly RegisteredOperation[];
  /** The names of all clients that have registered anything. */
  readonly clients: ReadonlySet<string>;
  /**
   * What is registered for this version of the client; else for the client; else for any.
   *
   * @param client `undefined` to look among those of all clients
   * @param operationName as the client gave it; without it the first operation registered for the document
   */
  find(id: string, client: Client | undefined, operationName: string | undefined): RegisteredOperation | Miss;
}

export function documentIdOf(body: string): string {
  return `sha256:${hash('sha256', body)}`;
}

/** @param retired ids that no longer run, whoever registered them */
export function createSafelist(
  registered: readonly RegisteredOperation[],
  retired: readonly string[] = [],
): Safelist {
  const revoked = new Set(retired);
  const operations = joinApps(registered).filter(({ id }) => !revoked.has(id));
  const byId = Map.groupBy(operations, ({ id }) => id);
  for (const sharing of byId.values()) sharing.sort((a, b) => precision(b) - precision(a));
  return {
    operations,
    clients: new Set(operations.flatMap(({ client }) => client ?? [])),
    find(id, client, operationName) {
      if (revoked.has(id)) return 'retired';
      const sharing = byId.get(id);
      if (!sharing) return 'unknown';
      let miss: Miss = 'other client';
      for (const operation of sharing) {
        if (client && !isFor(operation, client)) continue;
        if (operationName === undefined || operation.name === operationName) return operation;
        miss = 'other operation';
      }
      return miss;
    },
  };
}

function isFor({ client, version }: RegisteredOperation, asking: Client): boolean {
  return (
    (client === undefined || client === asking.name) && (version === undefined || version === asking.version)
  );
}

function precision({ client, version }: RegisteredOperation): number {
  return Number(client !== undefined) + Number(version !== undefined);
}

/** The same operation of the same client in the manifests of several mini-programs is one that each of them may run. */
function joinApps(registered: readonly RegisteredOperation[]): RegisteredOperation[] {
  const same = Map.groupBy(registered, ({ id, name, client, version }) =>
    JSON.stringify([id, name, client, version]),
  );
  return [...same.values()].map((group) => {
    const appIds = group.every(({ appIds }) => appIds)
      ? group.flatMap(({ appIds }) => appIds ?? [])
      : undefined;
    return { ...(group.at(-1) as RegisteredOperation), appIds };
  });
}
