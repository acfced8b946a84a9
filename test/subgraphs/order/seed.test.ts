/** The orders that a newcomer finds. */
import { count, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPastOrders } from '../../../subgraphs/order/seed/past-orders.ts';
import { seedOrders } from '../../../subgraphs/order/seed/seed-orders.ts';
import { orderLineTable, orderTable } from '../../../subgraphs/order/tables.ts';
import { loadCatalogue } from '../../../subgraphs/product/seed/catalogue.ts';
import { loadPeople } from '../../../subgraphs/user/seed/people.ts';
import { createPostgresDatabase } from '../../support/postgres-database.ts';
import { describeWith } from '../../support/services.ts';
import { type OrderShop, startShop } from './start-shop.ts';

let shop: OrderShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

const countOf = ({ rows }: OrderShop) => Promise.all([rows.$count(orderTable), rows.$count(orderLineTable)]);

test('are 500, of seeded users and SKUs, at the price and weight of the catalogue', () => {
  const { orders, lines } = loadPastOrders();
  const userIds = new Set(loadPeople().users.map((user) => user.id));
  const skus = new Map(loadCatalogue().skus.map((sku) => [sku.id, sku]));
  const pieces = Map.groupBy(lines, (line) => line.orderId);

  expect(new Set(orders.map((order) => order.id)).size).toBe(500);
  expect(orders.filter((order) => !userIds.has(order.userId))).toEqual([]);
  expect(
    lines.filter((line) => {
      const sku = skus.get(line.skuId);
      return (
        sku?.productId !== line.productId ||
        sku.priceFen !== line.unitPriceFen ||
        sku.weightGrams !== line.weightGrams ||
        line.title === ''
      );
    }),
  ).toEqual([]);
  expect(
    orders.filter((order) => {
      const skuIds = pieces.get(order.id)?.map((line) => line.skuId) ?? [];
      return skuIds.length === 0 || new Set(skuIds).size < skuIds.length;
    }),
  ).toEqual([]);
});

test('are in every status, sorted by time', () => {
  const { orders } = loadPastOrders();

  expect(Object.keys(Object.groupBy(orders, (order) => order.status)).toSorted()).toEqual([
    'CANCELLED',
    'COMPLETED',
    'CREATED',
    'PAID',
    'SHIPPED',
  ]);
  const byId = orders.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(byId.map((order) => order.createdAt)).toEqual(
    orders.map((order) => order.createdAt).toSorted((a, b) => a.getTime() - b.getTime()),
  );
});

test('give the demo user more than one page', async () => {
  const [found] = await shop.rows
    .select({ orders: count() })
    .from(orderTable)
    .where(eq(orderTable.userId, 'u-0003'));

  expect(found).toEqual({ orders: expect.toSatisfy((orders: number) => orders > 50) });
});

test('are not written over', async () => {
  const before = await countOf(shop);
  const [changed] = await shop.rows.select().from(orderTable).limit(1);
  if (!changed) throw new Error('There are no orders.');
  await shop.rows.update(orderTable).set({ totalFen: 1 }).where(eq(orderTable.id, changed.id));

  await seedOrders(shop.rows);

  expect(await countOf(shop)).toEqual(before);
  expect(await shop.rows.select().from(orderTable).where(eq(orderTable.id, changed.id))).toEqual([
    { ...changed, totalFen: 1 },
  ]);
});

describeWith('postgres', 'on Postgres', (serverUrl) => {
  test('are written once by four programs that start at once', async () => {
    const database = await createPostgresDatabase(serverUrl);
    const shops = await Promise.all(
      Array.from({ length: 4 }, () => startShop({ databaseUrl: database.url })),
    );
    const { orders, lines } = loadPastOrders();

    const counts = await Promise.all(shops.map(countOf));

    expect(counts).toEqual(Array(4).fill([orders.length, lines.length]));
    await Promise.all(shops.map((started) => started.close()));
    await database.drop();
  });
});
