/** Fills an empty user database. */
import { sql } from 'drizzle-orm';
import type { Database } from '../../shared/database.ts';
import { addressTable, roleGrantTable, userTable, wechatIdentityTable } from '../tables.ts';
import { loadPeople } from './people.ts';

/** Does nothing when there are users already; of several programs that start at once, one fills the tables. */
export async function seedUsers(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`lock table ${userTable} in share row exclusive mode`);
    const present = await transaction.select({ id: userTable.id }).from(userTable).limit(1);
    if (present.length > 0) return;
    const { users, identities, addresses, grants } = loadPeople();
    await transaction.insert(userTable).values([...users]);
    await transaction.insert(wechatIdentityTable).values([...identities]);
    await transaction.insert(addressTable).values([...addresses]);
    await transaction.insert(roleGrantTable).values([...grants]);
  });
}
