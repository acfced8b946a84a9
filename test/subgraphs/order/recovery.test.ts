/** Recovery reaches every order, however many before it cannot be settled. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderTable } from '../../../subgraphs/order/tables.ts';
import { createSortableId } from '../../../subgraphs/shared/sortable-id.ts';
import {
  addSku,
  createOrder,
  eventually,
  idOf,
  type OrderShop,
  startShop,
  stockStateOf,
} from './start-shop.ts';

let shop: OrderShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

test('an order is settled although more than a hundred older ones cannot be', async () => {
  await addSku(shop, 'behind', 5);
  const createdAt = new Date(shop.clock.ms - 3_600_000);
  // Their reservation is unknown, and without lines none can be made.
  const stuck = Array.from({ length: 101 }, () => ({
    id: createSortableId('o', createdAt.getTime()),
    userId: 'u-stuck',
    status: 'CREATED' as const,
    totalFen: 1,
    stockState: 'held' as const,
    reservationId: 'never-made',
    createdAt,
  }));
  await shop.rows.insert(orderTable).values(stuck);
  shop.proxy.faults = { confirmReservation: 'lose-request' };
  const answer = await createOrder(shop, { lines: [{ skuId: 'behind', quantity: 2 }], key: 'behind' });
  const held = await stockStateOf(shop, idOf(answer));

  shop.proxy.faults = {};

  expect(held).toEqual({ status: 'CREATED', stockState: 'held' });
  await eventually(() => stockStateOf(shop, idOf(answer))).toEqual({
    status: 'CREATED',
    stockState: 'confirmed',
  });
  expect(await stockStateOf(shop, stuck[0]?.id ?? '')).toEqual({ status: 'CREATED', stockState: 'held' });
});
