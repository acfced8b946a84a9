/** Fills an empty database with the example shop's data. */
import { sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Database } from './database.ts';

/** Does nothing when `table` has a row already; of several programs that start at once, one runs `fill`. */
export async function seedOnce(
  database: Database,
  table: PgTable,
  fill: (transaction: Database) => Promise<void>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`lock table ${table} in share row exclusive mode`);
    const present = await transaction.select({ row: sql`1` }).from(table).limit(1);
    if (present.length === 0) await fill(transaction);
  });
}
