/** Who sees which orders, in what order, and by how many statements. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { orderLineTable, orderTable } from '../../../subgraphs/order/tables.ts';
import { createSortableId } from '../../../subgraphs/shared/sortable-id.ts';
import { guest, user } from '../../support/subgraph-call.ts';
import { admin, buyer, fieldOf, type OrderShop, startShop, stranger } from './start-shop.ts';

const buyers = Array.from({ length: 50 }, (_, i) => `u-reader-${i}`);
const reader = user('u-reader-0');
const orderIds: string[] = [];

let shop: OrderShop;
beforeAll(async () => {
  shop = await startShop();
  // Sixty orders of the first reader, then one of each other, every second one later than the last.
  const rows = [...Array(60).fill('u-reader-0'), ...buyers.slice(1)].map((userId: string, i) => {
    const createdAt = new Date(shop.clock.ms + i * 1_000);
    return { id: createSortableId('o', createdAt.getTime()), userId, createdAt };
  });
  orderIds.push(...rows.map((row) => row.id));
  await shop.rows
    .insert(orderTable)
    .values(rows.map((row) => ({ ...row, status: 'PAID', totalFen: 700, stockState: 'confirmed' }) as const));
  await shop.rows.insert(orderLineTable).values(
    orderIds.flatMap((orderId) =>
      [1, 0].map((position) => ({
        orderId,
        position,
        skuId: `s-test-${position}`,
        productId: 'p-test',
        title: 'Cup',
        quantity: position + 1,
        unitPriceFen: 100 + position * 200,
        weightGrams: 300,
      })),
    ),
  );
});
beforeEach(() => {
  shop.queries.length = 0;
});
afterAll(() => shop.close());

/** How many statements read each table. */
function readsByTable(): Record<string, number> {
  const tables = shop.queries.flatMap((query) => [
    ...new Set([...query.matchAll(/"orders"\."(\w+)"/g)].map((match) => String(match[1]))),
  ]);
  return Object.fromEntries(
    Object.entries(Object.groupBy(tables, (table) => table)).map(([k, v]) => [k, v?.length ?? 0]),
  );
}

const firstId = () => orderIds[0] ?? '';
const orderFields = 'id buyer { id } lines { quantity sku { id product { id } } product { id } }';
const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) {';

describe('an order', () => {
  const query =
    'query ($id: ID!) { order(id: $id) { status totalFen createdAt lines { title unitPriceFen } } }';
  const seen = {
    status: 'PAID',
    totalFen: 700,
    createdAt: '2026-11-22T08:00:00.000Z',
    lines: [
      { title: 'Cup', unitPriceFen: 100 },
      { title: 'Cup', unitPriceFen: 300 },
    ],
  };

  test.each([
    ['its buyer', reader, seen],
    ['ADMIN', admin, seen],
    ['nobody else', stranger, null],
  ])('is seen by %s', async (_, caller, order) => {
    expect(await shop.ask({ query, variables: { id: firstId() }, caller })).toEqual({ data: { order } });
  });

  test('that was never placed is null', async () => {
    expect(await shop.ask({ query, variables: { id: 'o-1' }, caller: admin })).toEqual({
      data: { order: null },
    });
  });

  test('is refused to a guest', async () => {
    expect(await shop.ask({ query, variables: { id: firstId() }, caller: guest })).toEqual({
      data: { order: null },
      errors: [{ message: 'Log in first.', code: 'UNAUTHENTICATED' }],
    });
  });

  test.each([
    ['its buyer', reader, { status: 'PAID' }],
    ['ADMIN', admin, { status: 'PAID' }],
    ['nobody else', stranger, null],
    ['no guest', guest, null],
  ])('is resolved by reference for %s', async (_, caller, order) => {
    const of = [{ __typename: 'Order', id: firstId() }];

    expect(
      await shop.ask({ query: `${entities} ... on Order { status } } }`, variables: { of }, caller }),
    ).toEqual({ data: { _entities: [order] } });
  });
});

describe("a user's orders", () => {
  const ordersOf = (id: string, caller = reader, page = 'first: 3') =>
    shop.ask({
      query: `${entities} ... on User { orders(${page}) { edges { cursor } nodes { id } pageInfo { hasNextPage endCursor } } } } }`,
      variables: { of: [{ __typename: 'User', id }] },
      caller,
    });
  const idsNewestFirst = () => orderIds.slice(0, 60).toReversed();
  interface Page {
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  }
  const pageOf = (answer: Awaited<ReturnType<typeof ordersOf>>) => {
    const [found] = fieldOf<[{ orders: Page }]>(answer, '_entities');
    return { ids: found.orders.nodes.map((node) => node.id), ...found.orders.pageInfo };
  };

  test('come newest first, page by page, each once', async () => {
    const pages: string[][] = [];
    let after = '';
    for (let hasNext = true; hasNext; ) {
      const page = pageOf(await ordersOf('u-reader-0', reader, `first: 25${after}`));
      pages.push(page.ids);
      after = `, after: "${page.endCursor}"`;
      hasNext = page.hasNextPage;
    }

    expect(pages.map((page) => page.length)).toEqual([25, 25, 10]);
    expect(pages.flat()).toEqual(idsNewestFirst());
  });

  test('are seen by ADMIN', async () => {
    expect(pageOf(await ordersOf('u-reader-0', admin)).ids).toEqual(idsNewestFirst().slice(0, 3));
  });

  test('of one who never bought are none', async () => {
    expect(await ordersOf('u-buyer', buyer)).toEqual({
      data: {
        _entities: [{ orders: { edges: [], nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } }],
      },
    });
  });

  test.each([
    ['somebody else', stranger],
    ['a guest', guest],
  ])('are refused to %s', async (_, caller) => {
    expect(await ordersOf('u-reader-0', caller)).toEqual({
      data: { _entities: [null] },
      errors: [{ message: 'Only the user and administrators may see this.', code: 'FORBIDDEN' }],
    });
    expect(readsByTable()).toEqual({});
  });

  test.each([
    ['first: 0', '"first" must be from 1 to 50.'],
    ['first: 51', '"first" must be from 1 to 50.'],
    ['after: "nonsense"', '"after" is not a cursor of this list.'],
  ])('are refused for %s', async (page, message) => {
    expect(await ordersOf('u-reader-0', reader, page)).toEqual({
      data: { _entities: [null] },
      errors: [{ message, code: 'BAD_USER_INPUT' }],
    });
  });
});

describe('one statement reads each table', () => {
  test('for a page of 50 orders with their lines', async () => {
    const answer = await shop.ask({
      query: `${entities} ... on User { orders(first: 50) { nodes { ${orderFields} } } } } }`,
      variables: { of: [{ __typename: 'User', id: 'u-reader-0' }] },
      caller: reader,
    });

    const [found] = fieldOf<{ orders: { nodes: unknown[] } }[]>(answer, '_entities');
    expect(found?.orders.nodes).toHaveLength(50);
    expect(found?.orders.nodes[49]).toEqual({
      id: orderIds[10],
      buyer: { id: 'u-reader-0' },
      lines: [
        { quantity: 1, sku: { id: 's-test-0', product: { id: 'p-test' } }, product: { id: 'p-test' } },
        { quantity: 2, sku: { id: 's-test-1', product: { id: 'p-test' } }, product: { id: 'p-test' } },
      ],
    });
    expect(readsByTable()).toEqual({ order: 1, order_line: 1 });
  });

  test('for the orders of 50 users', async () => {
    const answer = await shop.ask({
      query: `${entities} ... on User { orders(first: 2) { nodes { ${orderFields} } } } } }`,
      variables: { of: buyers.map((id) => ({ __typename: 'User', id })) },
      caller: admin,
    });

    const found = fieldOf<{ orders: { nodes: { buyer: { id: string } }[] } }[]>(answer, '_entities');
    expect(found.map((of) => of.orders.nodes.map((node) => node.buyer.id))).toEqual(
      buyers.map((id, i) => (i === 0 ? [id, id] : [id])),
    );
    expect(readsByTable()).toEqual({ order: 1, order_line: 1 });
  });

  test('for 50 orders by reference', async () => {
    const of = orderIds.slice(0, 50).map((id) => ({ __typename: 'Order', id }));

    const answer = await shop.ask({
      query: `${entities} ... on Order { ${orderFields} } } }`,
      variables: { of },
      caller: admin,
    });

    const found = fieldOf<{ id: string }[]>(answer, '_entities');
    expect(found.map((order) => order.id)).toEqual(orderIds.slice(0, 50));
    expect(readsByTable()).toEqual({ order: 1, order_line: 1 });
  });
});

describe('what sending one piece would cost', () => {
  const estimate = (sku: Record<string, unknown>) =>
    shop.ask({
      query: `${entities} ... on Sku { shippingEstimateFen } } }`,
      variables: { of: [{ __typename: 'Sku', id: 's-test-0', ...sku }] },
      caller: guest,
    });

  test('is told from the price and weight that the product subgraph gives', async () => {
    expect(await estimate({ priceFen: 500, weightGrams: 1_001 })).toEqual({
      data: { _entities: [{ shippingEstimateFen: 1_000 }] },
    });
  });

  test('is not told without them', async () => {
    expect(await estimate({})).toEqual({
      data: { _entities: [null] },
      errors: [{ message: 'The estimate needs the price and weight of the SKU.', code: 'BAD_USER_INPUT' }],
    });
  });
});

test('entities of other subgraphs are known by their ids alone', async () => {
  const of = ['User', 'Product', 'Sku'].map((name) => ({ __typename: name, id: 'any' }));
  const query = `${entities} __typename ... on User { id } ... on Product { id } ... on Sku { id } } }`;

  expect(await shop.ask({ query, variables: { of }, caller: guest })).toEqual({ data: { _entities: of } });
});
