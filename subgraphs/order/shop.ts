/** Whether the shop takes orders: one flag for every process. */
import type { Database } from '../shared/database.ts';
import { shopTable } from './tables.ts';

export async function isShopOpen(database: Database): Promise<boolean> {
  const [shop] = await database.select({ open: shopTable.open }).from(shopTable);
  return shop?.open ?? false;
}

export async function setShopOpen(database: Database, open: boolean): Promise<{ open: boolean }> {
  await database.update(shopTable).set({ open });
  return { open };
}
