/** Routes for those who run the registry: does the process answer, and can it work with its database. */
import { sql } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../subgraphs/shared/database.ts';

/** Ready is who can read, since gateways fetch bundles then; the answer says when the database takes no changes. */
export function registerHealthRoutes(app: FastifyInstance, database: Database): void {
  let looking: Promise<boolean> | undefined;

  app.get('/health/live', () => ({ ok: true, data: {} }));
  app.get('/health/ready', async () => {
    // However many ask, they take one connection.
    looking ??= isReadOnly(database).finally(() => {
      looking = undefined;
    });
    return { ok: true, data: { database: (await looking) ? 'read-only' : 'ready' } };
  });
}

/** Reads from the table that deliveries read. */
async function isReadOnly(database: Database): Promise<boolean> {
  const answer = await database.execute(
    sql`select current_setting('transaction_read_only') as setting, exists (select from registry.supergraph_version)`,
  );
  const { rows } = answer as unknown as { rows: readonly { readonly setting: string }[] };
  return rows[0]?.setting === 'on';
}
