/** Who may move an order where, and what becomes of its stock. */
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { OrderStatus } from '../../../subgraphs/order/order-status.ts';
import { orderTable } from '../../../subgraphs/order/tables.ts';
import { guest, user } from '../../support/subgraph-call.ts';
import {
  addSku,
  admin,
  buyer,
  createOrder,
  fieldOf,
  idOf,
  type OrderShop,
  startShop,
  stockOf,
  stockStateOf,
  stranger,
} from './start-shop.ts';

let shop: OrderShop;
beforeAll(async () => {
  shop = await startShop();
  await addSku(shop, 'cup', 1_000);
});
afterEach(() => {
  shop.proxy.faults = {};
});
afterAll(() => shop.close());

let orders = 0;

/** A new order of the buyer for one cup, already in `status`. */
async function orderThatIs(status: OrderStatus): Promise<string> {
  orders += 1;
  const id = idOf(
    await createOrder(shop, { lines: [{ skuId: 'cup', quantity: 1 }], key: `order-${orders}` }),
  );
  await shop.rows.update(orderTable).set({ status }).where(eq(orderTable.id, id));
  return id;
}

const answerFields = `__typename
  ... on Order { status }
  ... on UnknownOrder { message orderId }
  ... on IllegalTransition { message from to }`;

function cancel(id: string, caller = buyer) {
  const query = `mutation ($id: ID!) { cancelOrder(id: $id) { ${answerFields} } }`;
  return shop.ask({ query, variables: { id }, caller });
}

function advance(id: string, to: OrderStatus, caller = admin) {
  const query = `mutation ($id: ID!, $to: OrderStatus!) { advanceOrder(id: $id, to: $to) { ${answerFields} } }`;
  return shop.ask({ query, variables: { id, to }, caller });
}

function illegal(from: OrderStatus, to: OrderStatus) {
  const message = `An order that is ${from} cannot become ${to}.`;
  return { __typename: 'IllegalTransition', message, from, to };
}

describe('cancelOrder', () => {
  test.each(['CREATED', 'PAID'] as const)(
    'cancels an order that is %s and returns its stock',
    async (status) => {
      const before = await stockOf(shop, 'cup');
      const id = await orderThatIs(status);

      const answer = await cancel(id);

      expect(answer).toEqual({ data: { cancelOrder: { __typename: 'Order', status: 'CANCELLED' } } });
      expect(await stockStateOf(shop, id)).toEqual({ status: 'CANCELLED', stockState: 'released' });
      expect(await stockOf(shop, 'cup')).toBe(before);
      expect(shop.faults).toEqual([]);
    },
  );

  test.each(['SHIPPED', 'COMPLETED', 'CANCELLED'] as const)(
    'leaves an order that is %s as it is',
    async (status) => {
      const id = await orderThatIs(status);
      const before = await stockOf(shop, 'cup');

      const answer = await cancel(id);

      expect(answer).toEqual({ data: { cancelOrder: illegal(status, 'CANCELLED') } });
      expect(await stockOf(shop, 'cup')).toBe(before);
    },
  );

  test('knows no order of somebody else, not even for ADMIN', async () => {
    const id = await orderThatIs('CREATED');
    const unknown = { __typename: 'UnknownOrder', message: 'There is no such order.', orderId: id };

    expect(await cancel(id, stranger)).toEqual({ data: { cancelOrder: unknown } });
    expect(await cancel(id, admin)).toEqual({ data: { cancelOrder: unknown } });
    expect(await stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'confirmed' });
  });

  test('is refused to a guest', async () => {
    expect(await cancel('o-1', guest)).toEqual({
      data: null,
      errors: [{ message: 'Log in first.', code: 'UNAUTHENTICATED' }],
    });
  });
});

describe('advanceOrder', () => {
  test('moves an order along to its end', async () => {
    const id = await orderThatIs('CREATED');

    const answers = [await advance(id, 'PAID'), await advance(id, 'SHIPPED'), await advance(id, 'COMPLETED')];

    expect(answers).toEqual(
      ['PAID', 'SHIPPED', 'COMPLETED'].map((status) => ({
        data: { advanceOrder: { __typename: 'Order', status } },
      })),
    );
  });

  test.each([
    ['CREATED', 'CREATED'],
    ['CREATED', 'SHIPPED'],
    ['CREATED', 'CANCELLED'],
    ['PAID', 'CREATED'],
    ['PAID', 'COMPLETED'],
    ['SHIPPED', 'PAID'],
    ['COMPLETED', 'SHIPPED'],
    ['CANCELLED', 'PAID'],
  ] as const)('does not lead from %s to %s', async (from, to) => {
    const id = await orderThatIs(from);

    expect(await advance(id, to)).toEqual({ data: { advanceOrder: illegal(from, to) } });
    expect(await stockStateOf(shop, id)).toEqual({ status: from, stockState: 'confirmed' });
  });

  test('does not know an order that was never placed', async () => {
    const unknown = { __typename: 'UnknownOrder', message: 'There is no such order.', orderId: 'o-1' };

    expect(await advance('o-1', 'PAID')).toEqual({ data: { advanceOrder: unknown } });
  });

  test.each([
    ['a guest', guest, 'UNAUTHENTICATED', 'Log in first.'],
    ['its buyer', buyer, 'FORBIDDEN', 'This needs the permission order:write.'],
    [
      'an administrator without the permission',
      user('u-admin', ['USER', 'ADMIN']),
      'FORBIDDEN',
      'This needs the permission order:write.',
    ],
  ])('is refused to %s', async (_, caller, code, message) => {
    const id = await orderThatIs('CREATED');

    expect(await advance(id, 'PAID', caller)).toEqual({ data: null, errors: [{ message, code }] });
    expect(await stockStateOf(shop, id)).toEqual({ status: 'CREATED', stockState: 'confirmed' });
  });

  test('ships nothing whose stock is not certain', async () => {
    shop.proxy.faults = { confirmReservation: 'lose-request' };
    const id = await orderThatIs('PAID');

    const uncertain = await advance(id, 'SHIPPED');
    shop.proxy.faults = {};
    const certain = await advance(id, 'SHIPPED');

    expect(uncertain).toEqual({
      data: null,
      errors: [
        { message: 'The stock of the shop cannot be reached. Try again.', code: 'UPSTREAM_UNAVAILABLE' },
      ],
    });
    expect(certain).toEqual({ data: { advanceOrder: { __typename: 'Order', status: 'SHIPPED' } } });
  });
});

describe('of two who change an order at once', () => {
  test('one advances it', async () => {
    const id = await orderThatIs('CREATED');

    const answers = await Promise.all(Array.from({ length: 10 }, () => advance(id, 'PAID')));

    const names = answers.map((answer) => fieldOf<{ __typename: string }>(answer, 'advanceOrder').__typename);
    expect(names.toSorted()).toEqual([...Array(9).fill('IllegalTransition'), 'Order']);
  });

  test('one cancels it, and its stock is returned once', async () => {
    const before = await stockOf(shop, 'cup');
    const id = await orderThatIs('PAID');

    await Promise.all(Array.from({ length: 10 }, () => cancel(id)));

    expect(await stockOf(shop, 'cup')).toBe(before);
  });
});

describe('closeShop and openShop', () => {
  const askShop = (query: string, caller = admin) => shop.ask({ query, caller });

  test('turn the shop off and on for everyone', async () => {
    const closed = await askShop('mutation { closeShop { open } }');
    const seen = await askShop('{ shop { open } }', guest);
    const opened = await askShop('mutation { openShop { open } }');

    expect([closed, seen, opened]).toEqual([
      { data: { closeShop: { open: false } } },
      { data: { shop: { open: false } } },
      { data: { openShop: { open: true } } },
    ]);
  });

  test.each(['closeShop', 'openShop'])('%s is refused without the permission shop:write', async (field) => {
    expect(await askShop(`mutation { ${field} { open } }`, buyer)).toEqual({
      data: null,
      errors: [{ message: 'This needs the permission shop:write.', code: 'FORBIDDEN' }],
    });
  });
});
