/** The hand-written migrations make the tables that the code declares. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { idempotencyTable, orderLineTable, orderTable, shopTable } from '../../../subgraphs/order/tables.ts';
import { createdTable, declaredTable } from '../../support/describe-table.ts';
import { type OrderShop, startShop } from './start-shop.ts';

let shop: OrderShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

test.each([
  ['order', orderTable],
  ['order_line', orderLineTable],
  ['idempotency', idempotencyTable],
  ['shop', shopTable],
])('the migrations create the table %s as the code declares it', async (_, table) => {
  expect(await createdTable(shop.rows, table)).toEqual(declaredTable(table));
});
