/** What createOrder answers, and what it leaves in both databases. */
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skuTable } from '../../../subgraphs/product/tables.ts';
import { guest, service, user } from '../../support/subgraph-call.ts';
import {
  addSku,
  admin,
  buyer,
  contentsOf,
  createOrder,
  createOrderMutation,
  idOf,
  keysOf,
  type OrderShop,
  startShop,
  stockOf,
  stockStateOf,
} from './start-shop.ts';

let shop: OrderShop;
beforeAll(async () => {
  shop = await startShop();
  await addSku(shop, 'cup', 1_000);
  await addSku(shop, 'saucer', 1_000);
  await addSku(shop, 'cup-rare', 3);
});
afterAll(() => shop.close());

describe('an order', () => {
  test('is placed on the one embedded database that both subgraphs share', async () => {
    await addSku(shop, 'cup-green', 10, 1_000);
    await addSku(shop, 'cup-blue', 10, 250);
    const lines = [
      { skuId: 'cup-green', quantity: 2 },
      { skuId: 'cup-blue', quantity: 1 },
    ];

    const answer = await createOrder(shop, { lines, key: 'placed' });

    const cup = { title: 'Cup', product: { id: 'p-test' } };
    expect(answer).toEqual({
      data: {
        createOrder: {
          __typename: 'Order',
          id: expect.stringMatching(/^o-[0-9a-f]{28}$/),
          status: 'CREATED',
          totalFen: 2_250,
          createdAt: '2026-11-22T08:00:00.000Z',
          buyer: { id: 'u-buyer' },
          lines: [
            { ...cup, quantity: 2, unitPriceFen: 1_000, lineTotalFen: 2_000, sku: { id: 'cup-green' } },
            { ...cup, quantity: 1, unitPriceFen: 250, lineTotalFen: 250, sku: { id: 'cup-blue' } },
          ],
        },
      },
    });
    expect(await stockOf(shop, 'cup-green')).toBe(8);
    expect(await stockStateOf(shop, idOf(answer))).toEqual({ status: 'CREATED', stockState: 'confirmed' });
    // A call from inside a transaction would have waited for its own end, until the deadline.
    expect(shop.faults).toEqual([]);
  });

  test("is among the buyer's orders for the rest of its own request", async () => {
    await addSku(shop, 'cup-listed', 10);
    const field = `createOrder(input: { lines: [{ skuId: "cup-listed", quantity: 1 }] }) {
      ... on Order { buyer { orders { nodes { totalFen } } } }
    }`;

    const answer = await shop.ask({
      query: `mutation { first: ${field} second: ${field} }`,
      caller: user('u-lister'),
      idempotencyKey: 'listed',
    });

    const one = { totalFen: 1_000 };
    expect(answer).toEqual({
      data: {
        first: { buyer: { orders: { nodes: [one] } } },
        second: { buyer: { orders: { nodes: [one, one] } } },
      },
    });
  });

  test('keeps the price at which it was placed', async () => {
    await addSku(shop, 'cup-old-price', 10, 500);
    const lines = [{ skuId: 'cup-old-price', quantity: 1 }];
    const answer = await createOrder(shop, { lines, key: 'snapshot' });

    await shop.rows.update(skuTable).set({ priceFen: 1 }).where(eq(skuTable.id, 'cup-old-price'));

    const query = 'query ($id: ID!) { order(id: $id) { totalFen lines { unitPriceFen } } }';
    expect(await shop.ask({ query, variables: { id: idOf(answer) }, caller: buyer })).toEqual({
      data: { order: { totalFen: 500, lines: [{ unitPriceFen: 500 }] } },
    });
  });

  test('is another order than that of another field in the same request', async () => {
    await addSku(shop, 'cup-fields', 10);
    const query = `mutation {
      a: createOrder(input: { lines: [{ skuId: "cup-fields", quantity: 1 }] }) { ... on Order { totalFen } }
      b: createOrder(input: { lines: [{ skuId: "cup-fields", quantity: 2 }] }) { ... on Order { totalFen } }
    }`;

    const answer = await shop.ask({ query, caller: buyer, idempotencyKey: 'fields' });

    expect(answer).toEqual({ data: { a: { totalFen: 1_000 }, b: { totalFen: 2_000 } } });
    expect(await stockOf(shop, 'cup-fields')).toBe(7);
  });

  test.each([
    ['a guest', guest, 'UNAUTHENTICATED', 'Log in first.'],
    ['another service', service, 'UNAUTHENTICATED', 'Log in first.'],
  ])('is refused to %s', async (_, caller, code, message) => {
    const lines = [{ skuId: 'cup', quantity: 1 }];

    expect(await createOrder(shop, { lines, caller })).toEqual({ data: null, errors: [{ message, code }] });
  });

  test('is refused without an Idempotency-Key', async () => {
    const before = await contentsOf(shop);
    const variables = { lines: [{ skuId: 'cup', quantity: 1 }] };

    expect(await shop.ask({ query: createOrderMutation, variables, caller: buyer })).toEqual({
      data: null,
      errors: [
        {
          message: 'createOrder needs the header Idempotency-Key, of 1 to 200 characters.',
          code: 'BAD_USER_INPUT',
        },
      ],
    });
    expect(await contentsOf(shop)).toEqual(before);
  });
});

describe('an order that cannot be', () => {
  const oneOf = (skuId: string, quantity = 1) => ({ skuId, quantity });
  const quantityMessage = 'The quantity of a line is from 1 to 99.';
  const linesMessage = 'An order has from 1 to 20 lines.';

  test.each([
    [
      'an unknown SKU',
      [oneOf('cup'), oneOf('no-such-sku')],
      { __typename: 'UnknownSku', message: 'There is no such SKU.', skuId: 'no-such-sku' },
    ],
    [
      'the id of a product in place of a SKU',
      [oneOf('p-test')],
      { __typename: 'UnknownSku', message: 'There is no such SKU.', skuId: 'p-test' },
    ],
    [
      'no pieces',
      [oneOf('cup', 0)],
      { __typename: 'InvalidQuantity', message: quantityMessage, skuId: 'cup' },
    ],
    [
      'fewer than no pieces',
      [oneOf('cup', -1)],
      { __typename: 'InvalidQuantity', message: quantityMessage, skuId: 'cup' },
    ],
    [
      'a hundred pieces',
      [oneOf('cup', 100)],
      { __typename: 'InvalidQuantity', message: quantityMessage, skuId: 'cup' },
    ],
    ['no lines', [], { __typename: 'InvalidOrder', message: linesMessage }],
    [
      '21 lines',
      Array.from({ length: 21 }, (_, i) => oneOf(`cup-${i}`)),
      { __typename: 'InvalidOrder', message: linesMessage },
    ],
    [
      'one SKU twice',
      [oneOf('cup'), oneOf('saucer'), oneOf('cup')],
      { __typename: 'InvalidQuantity', message: 'An order names each SKU once.', skuId: 'cup' },
    ],
    [
      'more than there is',
      [oneOf('cup'), oneOf('cup-rare', 99)],
      { __typename: 'OutOfStock', message: 'Only 3 left.', skuId: 'cup-rare', available: 3 },
    ],
  ])('for %s changes nothing, however often it is asked', async (title, lines, refusal) => {
    const before = await contentsOf(shop);

    const answers = [
      await createOrder(shop, { lines, key: title }),
      await createOrder(shop, { lines, key: title }),
    ];

    expect(answers).toEqual([{ data: { createOrder: refusal } }, { data: { createOrder: refusal } }]);
    expect(await contentsOf(shop)).toEqual(before);
  });

  test('for more money than one order can carry gives its stock back', async () => {
    const dear = ['gold-1', 'gold-2', 'gold-3'];
    for (const id of dear) await addSku(shop, id, 99, 10_000_000);
    const lines = dear.map((skuId) => oneOf(skuId, 99));
    const before = await contentsOf(shop);

    const answer = await createOrder(shop, { lines, key: 'dear' });

    const refusal = { __typename: 'InvalidOrder', message: 'The order costs too much.' };
    expect(answer).toEqual({ data: { createOrder: refusal } });
    expect(await contentsOf(shop)).toEqual({ ...before, reservations: before.reservations + 1 });
  });

  test('stays refused under its key when the shop opens again', async () => {
    const lines = [oneOf('cup')];
    const refusal = { __typename: 'ShopClosed', message: 'The shop takes no orders at the moment.' };
    await shop.ask({ query: 'mutation { closeShop { open } }', caller: admin });
    const before = await contentsOf(shop);
    const closed = await createOrder(shop, { lines, key: 'closed' });
    expect(await contentsOf(shop)).toEqual(before);

    await shop.ask({ query: 'mutation { openShop { open } }', caller: admin });

    expect(closed).toEqual({ data: { createOrder: refusal } });
    expect(await createOrder(shop, { lines, key: 'closed' })).toEqual(closed);
    expect(idOf(await createOrder(shop, { lines, key: 'open' }))).toMatch(/^o-/);
  });

  test('is an error while the product subgraph cannot be reached, and leaves its key free', async () => {
    const lines = [oneOf('cup')];
    const before = await contentsOf(shop);
    const keys = await keysOf(shop);
    shop.proxy.faults = { reserveStock: 'lose-request' };

    const failed = await createOrder(shop, { lines, key: 'down' });

    expect(failed).toEqual({
      data: null,
      errors: [
        { message: 'The stock of the shop cannot be reached. Try again.', code: 'UPSTREAM_UNAVAILABLE' },
      ],
    });
    expect(await contentsOf(shop)).toEqual(before);
    shop.proxy.faults = {};
    expect(idOf(await createOrder(shop, { lines, key: 'down' }))).toMatch(/^o-/);
    expect(await keysOf(shop)).toBe(keys + 1);
  });
});
