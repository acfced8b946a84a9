/** Ids, cursors and searches that no database should be asked for. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badCursorRefusal, badCursors, badIdRefusal, badIds } from '../../support/bad-ids.ts';
import { guest, type SubgraphCall, service, user } from '../../support/subgraph-call.ts';
import { type ProductUnderTest, startProduct } from './start-product.ts';

let product: ProductUnderTest;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.close());

const admin = user('u-admin', ['USER', 'ADMIN']);
const entity = (type: string): Omit<SubgraphCall, 'variables'> => ({
  caller: guest,
  query: `query ($id: ID!) { _entities(representations: [{ __typename: "${type}", id: $id }]) { __typename } }`,
});

const withId: Record<string, Omit<SubgraphCall, 'variables'>> = {
  product: { caller: guest, query: 'query ($id: ID!) { product(id: $id) { id } }' },
  products: { caller: guest, query: 'query ($id: ID!) { products(categoryId: $id) { nodes { id } } }' },
  setProductPrice: {
    caller: admin,
    query: 'mutation ($id: ID!) { setProductPrice(skuId: $id, priceFen: 1) { __typename } }',
  },
  'reserveStock for an id': {
    caller: service,
    query: `mutation ($id: ID!) {
      reserveStock(reservationId: $id, ttlSeconds: 60, lines: [{ skuId: "s-0001-1", quantity: 1 }]) { __typename }
    }`,
  },
  'reserveStock of an id': {
    caller: service,
    query: `mutation ($id: ID!) {
      reserveStock(reservationId: "r", ttlSeconds: 60, lines: [{ skuId: $id, quantity: 1 }]) { __typename }
    }`,
  },
  confirmReservation: {
    caller: service,
    query: 'mutation ($id: ID!) { confirmReservation(reservationId: $id) }',
  },
  releaseReservation: {
    caller: service,
    query: 'mutation ($id: ID!) { releaseReservation(reservationId: $id) }',
  },
  'a Category by reference': entity('Category'),
  'a Product by reference': entity('Product'),
  'a Sku by reference': entity('Sku'),
};

test.each(Object.entries(withId))('%s refuses them, without a statement', async (_, call) => {
  const statements = await product.tablesRead(async () => {
    for (const id of badIds) {
      const { errors } = await product.call({ ...call, variables: { id } });
      expect(errors).toEqual([badIdRefusal]);
    }
  });

  expect(statements).toEqual([]);
});

test.each(['products', 'searchProducts(text: "tea")'])('%s refuses such cursors', async (field) => {
  const list = field.includes('(') ? field.replace(')', ', after: $after)') : `${field}(after: $after)`;
  const query = `query ($after: String) { ${list} { nodes { id } } }`;

  for (const after of badCursors) {
    const { errors } = await product.call({ caller: guest, query, variables: { after } });
    expect(errors).toEqual([badCursorRefusal]);
  }
});

test.each(['a\0b', '\ud800'])('a search for %j is refused', async (text) => {
  const query = 'query ($text: String!) { searchProducts(text: $text) { nodes { id } } }';

  expect((await product.call({ caller: guest, query, variables: { text } })).errors).toEqual([
    { message: '"text" must be of 1 to 8 words and at most 100 characters.', code: 'BAD_USER_INPUT' },
  ]);
});
