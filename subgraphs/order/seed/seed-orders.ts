/** Fills an empty order database. */
import type { Database } from '../../shared/database.ts';
import { seedOnce } from '../../shared/seed-once.ts';
import { orderLineTable, orderTable } from '../tables.ts';
import { loadPastOrders } from './past-orders.ts';

/** Does nothing when there are orders already. */
export function seedOrders(database: Database): Promise<void> {
  return seedOnce(database, orderTable, async (transaction) => {
    const { orders, lines } = loadPastOrders();
    await transaction.insert(orderTable).values([...orders]);
    await transaction.insert(orderLineTable).values([...lines]);
  });
}
