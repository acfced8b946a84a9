/** Opens the database of the example shop: Postgres when there is an address, else PGlite in this process. */
import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres';
import { migrate as migratePostgres } from 'drizzle-orm/node-postgres/migrator';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { migrate as migratePglite } from 'drizzle-orm/pglite/migrator';
import pg from 'pg';

/** What resolvers query. Inside a transaction the same type is handed to the callback. */
export type Database = PgDatabase<PgQueryResultHKT>;

export interface DatabaseServer {
  readonly kind: 'postgres' | 'pglite';
  /** A handle on the one connection pool; `onQuery` sees the text of every statement sent through this handle. */
  connect(onQuery?: (sql: string) => void): Database;
  /** Brings one schema up to date; safe to run from several processes at once. */
  migrate(options: { schema: string; folder: string }): Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** `postgres://…`; without it PGlite runs in this process. */
  readonly url?: string | undefined;
  /** Where PGlite keeps its files; without it, in memory. One process per folder. */
  readonly dataDir?: string | undefined;
}

/** The database cannot be reached or opened; the message names it (without its password) and the remedy. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}

export async function openDatabase(options: DatabaseOptions): Promise<DatabaseServer> {
  return options.url ? openPostgres(options.url) : openPglite(options.dataDir);
}

async function openPostgres(url: string): Promise<DatabaseServer> {
  const pool = new pg.Pool({ connectionString: url, max: 20, connectionTimeoutMillis: 5_000 });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  try {
    await pool.query('select 1');
  } catch (cause) {
    await pool.end();
    throw new DatabaseUnavailableError(
      `The database at ${withoutPassword(url)} does not answer. Start it, or unset DATABASE_URL to use the embedded one.`,
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
    close: () => pool.end(),
  };
}

async function openPglite(dataDir: string | undefined): Promise<DatabaseServer> {
  // PGlite makes the last folder of a path, not those above it.
  if (dataDir) await mkdir(dataDir, { recursive: true });
  const pglite = await PGlite.create(dataDir ? { dataDir } : {}).catch((cause: unknown) => {
    throw new DatabaseUnavailableError(
      `The embedded database in ${dataDir ?? 'memory'} cannot be opened. Close the other process that uses it, or remove the folder to start afresh.`,
      { cause },
    );
  });
  return {
    kind: 'pglite',
    connect: (onQuery) => drizzlePglite(pglite, { logger: queryLogger(onQuery) }) as unknown as Database,
    migrate: ({ schema, folder }) =>
      migratePglite(drizzlePglite(pglite), { migrationsFolder: folder, migrationsSchema: schema }),
    close: () => pglite.close(),
  };
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
