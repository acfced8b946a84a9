/** Pages of users, newest first. */
import { desc, lt } from 'drizzle-orm';
import { type Connection, type PageArguments, toConnection, toRowRange } from '../shared/connection.ts';
import type { Database } from '../shared/database.ts';
import { type UserRow, userTable } from './tables.ts';

export async function listUsers(database: Database, page: PageArguments): Promise<Connection<UserRow>> {
  const { count, beforeId } = toRowRange(page);
  const rows = await database
    .select()
    .from(userTable)
    .where(beforeId === undefined ? undefined : lt(userTable.id, beforeId))
    .orderBy(desc(userTable.id))
    .limit(count);
  return toConnection(rows, page.first, (row) => row.id);
}
