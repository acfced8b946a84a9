/** Pages of users, newest first. */
import { desc, lt } from 'drizzle-orm';
import { type Connection, decodeCursor, rowsToRead, toConnection } from '../shared/connection.ts';
import type { Database } from '../shared/database.ts';
import { type UserRow, userTable } from './tables.ts';

export async function listUsers(
  database: Database,
  first: number,
  after: string | null | undefined,
): Promise<Connection<UserRow>> {
  const rows = await database
    .select()
    .from(userTable)
    .where(after == null ? undefined : lt(userTable.id, decodeCursor(after)))
    .orderBy(desc(userTable.id))
    .limit(rowsToRead(first));
  return toConnection(rows, first, (row) => row.id);
}
