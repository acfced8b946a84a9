/** One SQL query per table and hop: what the rows of one request need of each other is read in batches. */
import type DataLoader from 'dataloader';
import { asc, inArray } from 'drizzle-orm';
import { createListLoader, createRowLoader } from '../shared/batch.ts';
import type { Database } from '../shared/database.ts';
import {
  type AddressRow,
  addressTable,
  type RoleGrantRow,
  roleGrantTable,
  type UserRow,
  userTable,
} from './tables.ts';

export interface UserLoaders {
  readonly user: DataLoader<string, UserRow | null>;
  /** In the order of their ids: the oldest first. */
  readonly addressesOfUser: DataLoader<string, readonly AddressRow[]>;
  readonly grantsOfUser: DataLoader<string, readonly RoleGrantRow[]>;
}

export function createUserLoaders(database: Database): UserLoaders {
  return {
    user: createRowLoader(
      (ids) =>
        database
          .select()
          .from(userTable)
          .where(inArray(userTable.id, [...ids])),
      (row) => row.id,
    ),
    addressesOfUser: createListLoader(
      (ids) =>
        database
          .select()
          .from(addressTable)
          .where(inArray(addressTable.userId, [...ids]))
          .orderBy(asc(addressTable.id)),
      (row) => row.userId,
    ),
    grantsOfUser: createListLoader(
      (ids) =>
        database
          .select()
          .from(roleGrantTable)
          .where(inArray(roleGrantTable.userId, [...ids])),
      (row) => row.userId,
    ),
  };
}
