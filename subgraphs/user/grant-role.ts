/** Gives a role, and those it includes, to a user. */
import { eq } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { type Role, rolesUpTo } from './roles.ts';
import { roleGrantTable, type UserRow, userTable } from './tables.ts';

/** Null when there is no such user. */
export async function grantRole(database: Database, userId: string, role: Role): Promise<UserRow | null> {
  const [user] = await database.select().from(userTable).where(eq(userTable.id, userId));
  if (!user) return null;
  const grants = rolesUpTo(role).map((given) => ({ userId, role: given }));
  await database.insert(roleGrantTable).values(grants).onConflictDoNothing();
  return user;
}
