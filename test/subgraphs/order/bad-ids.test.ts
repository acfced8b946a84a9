/** Ids that no database should be asked for. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badCursorRefusal, badCursors, badIdRefusal, badIds } from '../../support/bad-ids.ts';
import { admin, type OrderShop, startShop } from './start-shop.ts';

let shop: OrderShop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.close());

const operations = {
  order: 'query ($id: ID!) { order(id: $id) { id } }',
  createOrder:
    'mutation ($id: ID!) { createOrder(input: { lines: [{ skuId: $id, quantity: 1 }] }) { __typename } }',
  cancelOrder: 'mutation ($id: ID!) { cancelOrder(id: $id) { __typename } }',
  advanceOrder: 'mutation ($id: ID!) { advanceOrder(id: $id, to: PAID) { __typename } }',
};

test.each(Object.entries(operations))('%s refuses them, without a statement or a fault', async (_, query) => {
  shop.queries.length = 0;

  const answers = await Promise.all(
    badIds.map((id) => shop.ask({ query, variables: { id }, caller: admin, idempotencyKey: 'bad-ids' })),
  );

  expect(answers.map((answer) => answer.errors)).toEqual(badIds.map(() => [badIdRefusal]));
  expect(shop.queries).toEqual([]);
  expect(shop.faults).toEqual([]);
});

test('a cursor that holds one is refused', async () => {
  const [after] = badCursors;

  const answer = await shop.ask({
    query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { orders(after: "${after}") { nodes { id } } } } }`,
    variables: { of: [{ __typename: 'User', id: 'u-admin' }] },
    caller: admin,
  });

  expect(answer.errors).toEqual([badCursorRefusal]);
});
