/** A field that a subgraph provides along one path is not fetched from its owner there, but is along any other. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const products = [
  { sku: 'k1', name: 'Kite', price: 30 },
  { sku: 'k2', name: 'Knot', price: 2 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'products',
      sdl: federation2(`
        type Product @key(fields: "sku") { sku: ID!  name: String! @shareable  price: Int! }
      `),
      resolvers: { Product: { __resolveReference: byKey(products, 'sku') } },
    },
    {
      name: 'search',
      sdl: federation2(`
        type Query {
          hits: [Product!]! @provides(fields: "name")
          recent: [Product!]!
        }
        type Product @key(fields: "sku") { sku: ID!  name: String! @external }
      `),
      resolvers: {
        Query: {
          hits: () => [{ sku: 'k1', name: 'Kite (from the index)' }],
          recent: () => [{ sku: 'k2' }],
        },
      },
    },
  ],
  cases: {
    'along the providing path the owner is not asked': {
      query: '{ hits { name } }',
      expected: { data: { hits: [{ name: 'Kite (from the index)' }] } },
      fetches: 1,
    },
    'along another path it is': {
      query: '{ recent { name } }',
      expected: { data: { recent: [{ name: 'Knot' }] } },
      fetches: 2,
    },
    'what is not provided comes from the owner, beside what is': {
      query: '{ hits { sku price name } recent { name } }',
      expected: {
        data: {
          hits: [{ sku: 'k1', price: 30, name: 'Kite (from the index)' }],
          recent: [{ name: 'Knot' }],
        },
      },
    },
  },
};
