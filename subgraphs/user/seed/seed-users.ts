/** Fills an empty user database. */
import type { Database } from '../../shared/database.ts';
import { seedOnce } from '../../shared/seed-once.ts';
import { addressTable, roleGrantTable, userTable, wechatIdentityTable } from '../tables.ts';
import { loadPeople } from './people.ts';

/** Does nothing when there are users already. */
export function seedUsers(database: Database): Promise<void> {
  return seedOnce(database, userTable, async (transaction) => {
    const { users, identities, addresses, grants } = loadPeople();
    await transaction.insert(userTable).values([...users]);
    await transaction.insert(wechatIdentityTable).values([...identities]);
    await transaction.insert(addressTable).values([...addresses]);
    await transaction.insert(roleGrantTable).values([...grants]);
  });
}
