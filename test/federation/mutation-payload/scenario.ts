/** The payload of a mutation is completed from other subgraphs like any answer, after its own root field has run. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const stock = [
  { sku: 'k1', left: 5 },
  { sku: 'k2', left: 7 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'orders',
      sdl: federation2(`
        type Query { open: Int! }
        type Mutation { order(sku: ID!, amount: Int!): Payload! }
        type Payload { item: Item  query: Query!  order: Order! }
        type Order @key(fields: "id") { id: ID!  amount: Int! }
        type Item @key(fields: "sku") { sku: ID!  ordered: Int! }
      `),
      resolvers: {
        Query: { open: () => 1 },
        Mutation: {
          order: (_: unknown, { sku, amount }: { sku: string; amount: number }) => ({
            item: sku === 'none' ? null : { sku, ordered: amount },
            query: {},
            order: { id: `o-${sku}`, amount },
          }),
        },
      },
    },
    {
      name: 'stock',
      sdl: federation2(`
        type Query { warehouses: Int! }
        type Mutation { restock(sku: ID!): Item }
        type Item @key(fields: "sku") { sku: ID!  left: Int! }
        type Order @key(fields: "id") { id: ID!  route: String }
      `),
      resolvers: {
        Query: { warehouses: () => 3 },
        Mutation: { restock: (_: unknown, { sku }: { sku: string }) => byKey(stock, 'sku')({ sku }) },
        Item: { __resolveReference: byKey(stock, 'sku') },
        Order: { route: ({ id }: { id: string }) => `route of ${id}` },
      },
    },
  ],
  cases: {
    'entities of the payload': {
      query: 'mutation { order(sku: "k1", amount: 2) { order { amount route } item { ordered left } } }',
      expected: {
        data: {
          order: { order: { amount: 2, route: 'route of o-k1' }, item: { ordered: 2, left: 5 } },
        },
      },
    },
    'an entity that is null': {
      query: 'mutation { order(sku: "none", amount: 1) { item { left } } }',
      expected: { data: { order: { item: null } } },
      fetches: 1,
    },
    'one field twice with different arguments': {
      query: `mutation ($first: ID!) {
        one: order(sku: $first, amount: 1) { item { left } }
        two: order(sku: "k2", amount: 2) { item { left } }
      }`,
      variables: { first: 'k1' },
      expected: { data: { one: { item: { left: 5 } }, two: { item: { left: 7 } } } },
    },
    'root fields of two subgraphs, each with its payload': {
      query: 'mutation { restock(sku: "k2") { left } order(sku: "k2", amount: 1) { item { sku left } } }',
      expected: { data: { restock: { left: 7 }, order: { item: { sku: 'k2', left: 7 } } } },
    },
    'a query inside the payload reaches every subgraph': {
      query:
        'mutation { order(sku: "k1", amount: 2) { query { open warehouses __typename } __typename } __typename }',
      expected: {
        data: {
          order: { query: { open: 1, warehouses: 3, __typename: 'Query' }, __typename: 'Payload' },
          __typename: 'Mutation',
        },
      },
    },
  },
};
