/** Fills an empty order database. */
import { sql } from 'drizzle-orm';
import type { Database } from '../../shared/database.ts';
import { orderLineTable, orderTable } from '../tables.ts';
import { loadPastOrders } from './past-orders.ts';

/** Does nothing when there are orders already; of several programs that start at once, one fills the tables. */
export async function seedOrders(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`lock table ${orderTable} in share row exclusive mode`);
    const present = await transaction.select({ id: orderTable.id }).from(orderTable).limit(1);
    if (present.length > 0) return;
    const { orders, lines } = loadPastOrders();
    await transaction.insert(orderTable).values([...orders]);
    await transaction.insert(orderLineTable).values([...lines]);
  });
}
