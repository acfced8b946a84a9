import { graphql } from 'graphql';
import { expect, test } from 'vitest';
import { subgraphSchemas } from '../../bench/subgraph-schemas.ts';

async function ask(path: string, source: string): Promise<unknown> {
  const schema = subgraphSchemas.get(path);
  if (!schema) throw new Error(`no schema at ${path}`);
  const { data, errors } = await graphql({ schema, source });
  return JSON.parse(JSON.stringify(errors ?? data));
}

test('me is user 1', async () => {
  expect(await ask('/accounts', '{ me { id username } }')).toEqual({ me: { id: '1', username: 'urigo' } });
});

test('the top products are the first five unless asked otherwise', async () => {
  const upcs = (...numbers: number[]) => numbers.map((number) => ({ upc: `${number}` }));
  expect(await ask('/products', '{ topProducts { upc } two: topProducts(first: 2) { upc } }')).toEqual({
    topProducts: upcs(1, 2, 3, 4, 5),
    two: upcs(1, 2),
  });
});

test("a user's reviews are the first two, a product's those with its upc, their author user 1", async () => {
  const representations = '[{ __typename: "User", id: "6" }, { __typename: "Product", upc: "4" }]';
  const review = '{ id author { id username } }';
  const author = { id: '1', username: 'urigo' };
  expect(
    await ask(
      '/reviews',
      `{ _entities(representations: ${representations}) { ... on User { reviews ${review} } ... on Product { reviews ${review} } } }`,
    ),
  ).toEqual({
    _entities: [
      {
        reviews: [
          { id: '1', author },
          { id: '2', author },
        ],
      },
      {
        reviews: [
          { id: '10', author },
          { id: '11', author },
        ],
      },
    ],
  });
});

test('shipping is free above a price of 1000, and else half the weight', async () => {
  const representations = [
    [1000, 25],
    [1001, 25],
  ].map(([price, weight]) => `{ __typename: "Product", upc: "1", price: ${price}, weight: ${weight} }`);
  expect(
    await ask(
      '/inventory',
      `{ _entities(representations: [${representations}]) { ... on Product { inStock shippingEstimate } } }`,
    ),
  ).toEqual({
    _entities: [
      { inStock: true, shippingEstimate: 12 },
      { inStock: true, shippingEstimate: 0 },
    ],
  });
});
