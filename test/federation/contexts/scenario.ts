/** A value set at an object higher up reaches the arguments of fields below it, and no client can give it. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

const shops = [
  { id: 's1', currency: 'EUR', cart: { items: [{ sku: 'k1' }, { sku: 'k2' }] } },
  { id: 's2', currency: 'JPY', cart: { items: [{ sku: 'k1' }] } },
  { id: 's3', currency: null, cart: { items: [{ sku: 'k2' }] } },
];

export const scenario: Scenario = {
  apollo: 'refused',
  subgraphs: [
    {
      name: 'shop',
      sdl: federation2(`
        type Query { shops: [Shop!]! }
        type Shop @key(fields: "id") @context(name: "shop") { id: ID!  currency: String  cart: Cart! }
        type Cart { items: [Item!]! }
        type Item @key(fields: "sku") {
          sku: ID!
          price(in: String @fromContext(field: "$shop { currency }")): String!
          priceTimes(in: String @fromContext(field: "$shop { currency }"), times: Int!): String!
        }
      `),
      resolvers: {
        Query: { shops: () => shops },
        Item: {
          price: ({ sku }: { sku: string }, args: { in?: string }) => `${sku} in ${args.in}`,
          priceTimes: ({ sku }: { sku: string }, args: { in?: string; times: number }) =>
            `${args.times} ${sku} in ${args.in}`,
        },
      },
    },
    {
      name: 'stock',
      sdl: federation2('type Item @key(fields: "sku") { sku: ID!  left: Int! }'),
      resolvers: { Item: { left: ({ sku }: { sku: string }) => Number(sku[1]) } },
    },
  ],
  cases: {
    'each item gets the value of its own ancestor': {
      query: '{ shops { cart { items { price } } } }',
      expected: {
        data: {
          shops: [
            { cart: { items: [{ price: 'k1 in EUR' }, { price: 'k2 in EUR' }] } },
            { cart: { items: [{ price: 'k1 in JPY' }] } },
            { cart: { items: [{ price: 'k2 in null' }] } },
          ],
        },
      },
      fetches: 2,
    },
    'beside arguments of the client and fields of another subgraph': {
      query:
        'query ($times: Int!) { shops { cart { items { left total: priceTimes(times: $times) sku } } } }',
      variables: { times: 2 },
      expected: {
        data: {
          shops: [
            {
              cart: {
                items: [
                  { left: 1, total: '2 k1 in EUR', sku: 'k1' },
                  { left: 2, total: '2 k2 in EUR', sku: 'k2' },
                ],
              },
            },
            { cart: { items: [{ left: 1, total: '2 k1 in JPY', sku: 'k1' }] } },
            { cart: { items: [{ left: 2, total: '2 k2 in null', sku: 'k2' }] } },
          ],
        },
      },
      fetches: 3,
    },
    'where another field takes the name of what is set': {
      query: '{ shops { currency: id cart: cart { constructor: items { price } } } }',
      expected: {
        data: {
          shops: [
            { currency: 's1', cart: { constructor: [{ price: 'k1 in EUR' }, { price: 'k2 in EUR' }] } },
            { currency: 's2', cart: { constructor: [{ price: 'k1 in JPY' }] } },
            { currency: 's3', cart: { constructor: [{ price: 'k2 in null' }] } },
          ],
        },
      },
    },
    'the argument is not there for clients': {
      query: '{ shops { cart { items { price(in: "USD") } } } }',
      expected: { status: 400, errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }] },
      fetches: 0,
    },
  },
};
