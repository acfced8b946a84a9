/** Opens the database of the example shop: Postgres when there is an address, else PGlite in this process. */
import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';
import { FolderInUseError, lockFolder } from './folder-lock.ts';
import { listenToPostgres } from './listen.ts';

/** What resolvers query. Inside a transaction the same type is handed to the callback. */
export type Database = PgDatabase<PgQueryResultHKT>;

export interface DatabaseServer {
  readonly kind: 'postgres' | 'pglite';
  /** A handle on the one connection pool; `onQuery` sees the text of every statement sent through this handle. */
  connect(onQuery?: (sql: string) => void): Database;
  /** Brings one schema up to date; safe to run from several processes at once. */
  migrate(options: { schema: string; folder: string }): Promise<void>;
  /**
   * Tells the payload of each NOTIFY on a channel, and nothing whenever listening begins, since something may have been
   * missed. What it returns ends it.
   */
  listen(channel: string, onNotified: (payload: string | undefined) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…`; without it PGlite runs in this process. */
  readonly url?: string | undefined;
  /** Where PGlite keeps its files; without it, in memory. A folder that another process uses is refused. */
  readonly dataDir?: string | undefined;
  /** Connections to Postgres at once. Default 20. */
  readonly maxConnections?: number;
  /** For a connection, also for one that others have to give back. Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** A connection is replaced after it, so that it does not keep to what the server was before. Default 60. */
  readonly maxConnectionAgeSeconds?: number;
}

/** The database cannot be reached or opened; the message names it (without its password) and the remedy. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

export async function openDatabase(options: DatabaseOptions): Promise<DatabaseServer> {
  const { url, dataDir } = options;
  return url ? openPostgres(url, options) : openPglite(dataDir);
}

async function openPostgres(
  url: string,
  { maxConnections = 20, connectTimeoutMs = 5_000, maxConnectionAgeSeconds = 60 }: DatabaseOptions,
): Promise<DatabaseServer> {
  const pool = new pg.Pool({
    ...{ connectionString: url, max: maxConnections, connectionTimeoutMillis: connectTimeoutMs },
    maxLifetimeSeconds: maxConnectionAgeSeconds,
  });
  // A connection that breaks is replaced by the pool, and the statement it was for fails; without listeners it would end
  // the process, in the midst of a transaction as well as idle.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    const place = `The database at ${withoutPassword(url)}`;
    throw new DatabaseUnavailableError(
      cause instanceof pg.DatabaseError
        ? `${place} refuses: ${cause.message}. Correct DATABASE_URL, or unset it to use the embedded one.`
        : `${place} does not answer. Start it, or unset DATABASE_URL to use the embedded one.`,
      { cause },
    );
  }
  return {
    kind: 'postgres',
    connect: (onQuery) => drizzlePostgres(pool, { logger: queryLogger(onQuery) }) as unknown as Database,
    async migrate({ schema, folder }) {
      const client = await pool.connect();
      try {
        await client.query('select pg_advisory_lock(hashtext($1))', [`minigate.${schema}`]);
        await migratePostgres(drizzlePostgres(client), {
          migrationsFolder: folder,
          migrationsSchema: schema,
        });
      } finally {
        await client.query('select pg_advisory_unlock(hashtext($1))', [`minigate.${schema}`]).catch(() => {});
        client.release();
      }
    },
    listen: async (channel, onNotified) => listenToPostgres(url, channel, onNotified),
    close: () => pool.end(),
  };
}

async function openPglite(dataDir: string | undefined): Promise<DatabaseServer> {
  const { pglite, unlock } = await createPglite(dataDir).catch((cause: Error) => {
    const remedy =
      cause instanceof FolderInUseError
        ? 'End it, or choose another folder by DATA_DIR.'
        : 'Choose another folder by DATA_DIR, or remove this one to start afresh.';
    throw new DatabaseUnavailableError(
      `The embedded database in ${dataDir ?? 'memory'} cannot be opened: ${cause.message}. ${remedy}`,
    );
  });
  return {
    kind: 'pglite',
    connect: (onQuery) => drizzlePglite(pglite, { logger: queryLogger(onQuery) }) as unknown as Database,
    migrate: ({ schema, folder }) =>
      migratePglite(drizzlePglite(pglite), { migrationsFolder: folder, migrationsSchema: schema }),
    listen: async (channel, onNotified) => {
      const stop = await pglite.listen(channel, onNotified);
      onNotified(undefined);
      return () => stop();
    },
    async close() {
      await pglite.close();
      await unlock();
    },
  };
}

/** PGlite would let two processes write the same files, and corrupt them. */
async function createPglite(dataDir: string | undefined) {
  if (dataDir === undefined) return { pglite: await PGlite.create(), unlock: async () => {} };
  // PGlite makes the last folder of a path, not those above it.
  await mkdir(dataDir, { recursive: true });
  const unlock = await lockFolder(dataDir);
  try {
    return { pglite: await PGlite.create({ dataDir }), unlock };
  } catch (error) {
    await unlock();
    throw error;
  }
}

function queryLogger(onQuery: ((sql: string) => void) | undefined) {
  return onQuery ? { logQuery: onQuery } : false;
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = '';
    return parsed.toString();
  } catch {
    return 'DATABASE_URL';
  }
}
