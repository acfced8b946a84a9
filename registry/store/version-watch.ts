/** Lets questions wait for the next version of an environment: the database tells of each, and it is looked at as well. */
import { sql } from 'drizzle-orm';
import type { Database, DatabaseServer } from '../../subgraphs/shared/database.ts';
import { readSequences } from './read-version.ts';

export interface VersionWatch {
  /**
   * Resolves once another version than this may be in force: when there is one, when the time is over, when the database
   * cannot be asked. At once where too many wait already, or after the end.
   */
  next(environment: string, sequence: number, limitMs: number, signal: AbortSignal): Promise<void>;
  /** Lets all go that wait. */
  close(): Promise<void>;
}

interface Waiting {
  readonly environment: string;
  readonly sequence: number;
  readonly go: () => void;
}

const channel = 'minigate_version';
const maxWaiting = 1_000;

/** Tells every registry on this database, once the transaction is written. */
export async function notifyOfVersion(transaction: Database, environment: string): Promise<void> {
  await transaction.execute(sql`select pg_notify(${channel}, ${environment})`);
}

/** @param lookMs between its own looks, for where NOTIFY is not heard, as through some poolers */
export async function watchVersions(server: DatabaseServer, lookMs: number): Promise<VersionWatch> {
  const database = server.connect();
  const waiting = new Set<Waiting>();
  let isOver = false;
  const release = (goes: (one: Waiting) => boolean): void => {
    for (const one of waiting) if (goes(one)) one.go();
  };
  const look = async (environments: readonly string[]): Promise<void> => {
    if (environments.length === 0) return;
    try {
      const sequences = await readSequences(database, environments);
      release(
        ({ environment, sequence }) =>
          environments.includes(environment) && sequences.get(environment) !== sequence,
      );
    } catch {
      // They ask for themselves then, and are told what is wrong.
      release(({ environment }) => environments.includes(environment));
    }
  };
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= look([...new Set([...waiting].map(({ environment }) => environment))]).finally(() => {
      looking = undefined;
    });
  }, lookMs);
  const stopListening = await server.listen(channel, (told) =>
    release(({ environment }) => told === undefined || told === environment),
  );

  return {
    async next(environment, sequence, limitMs, signal) {
      if (isOver || signal.aborted || waiting.size >= maxWaiting) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const go = (): void => resolve();
      const one = { environment, sequence, go };
      waiting.add(one);
      const limit = setTimeout(go, limitMs);
      signal.addEventListener('abort', go);
      // For what came before anybody waited.
      void look([environment]);
      await promise;
      clearTimeout(limit);
      signal.removeEventListener('abort', go);
      waiting.delete(one);
    },
    async close() {
      isOver = true;
      clearInterval(timer);
      release(() => true);
      await stopListening();
      await looking;
    },
  };
}
