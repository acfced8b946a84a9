/** Planning makes up fields, to keep required calls apart; a client may happen to use their names. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'products',
      sdl: federation2(`
        type Query { product: Product! }
        type Product @key(fields: "id") { id: ID!  name: String!  price(currency: String): Int! }
      `),
      resolvers: {
        Query: { product: () => ({ id: 'p1', name: 'Tea' }) },
        Product: {
          price: (_: unknown, { currency }: { currency?: string }) => (currency === 'USD' ? 1 : 2),
        },
      },
    },
    {
      name: 'shipping',
      sdl: federation2(`
        type Product @key(fields: "id") {
          id: ID!
          price(currency: String): Int! @external
          shipping: Int! @requires(fields: "price(currency: \\"USD\\")")
        }
      `),
      resolvers: { Product: { shipping: ({ price }: { price: number }) => price * 10 } },
    },
  ],
  cases: {
    'for another field': {
      query: '{ product { _r0_price: name shipping } }',
      expected: { data: { product: { _r0_price: 'Tea', shipping: 10 } } },
      fetches: 2,
    },
    'for the same field with other arguments': {
      query: '{ product { shipping _r0_price: price(currency: "EUR") } }',
      expected: { data: { product: { shipping: 10, _r0_price: 2 } } },
      fetches: 2,
    },
    'and as names of the field itself': {
      query: '{ product { _a__r0_price: name _r0_price: price shipping price(currency: "USD") } }',
      expected: { data: { product: { _a__r0_price: 'Tea', _r0_price: 2, shipping: 10, price: 1 } } },
    },
  },
};
