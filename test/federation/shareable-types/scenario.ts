/** Value types that several subgraphs define: each part is asked where it is at hand, and the parts become one object. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const shops = [
  { id: 's1', address: { street: 'Quay 1', town: 'Bergen' } },
  { id: 's2', address: null },
];
const routes = [
  { id: 's1', address: { town: 'Bergen', zone: 4 } },
  { id: 's2', address: null },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'shops',
      sdl: federation2(`
        type Query { shops: [Shop!]!  version: String! @shareable }
        type Shop @key(fields: "id") { id: ID!  address: Address @shareable }
        type Address { street: String  town: String! @shareable }
      `),
      resolvers: { Query: { shops: () => shops, version: () => '1' } },
    },
    {
      name: 'routes',
      sdl: federation2(`
        type Query { version: String! @shareable }
        type Shop @key(fields: "id") { id: ID!  address: Address @shareable}
        type Address { town: String! @shareable  zone: Int }
      `),
      resolvers: { Shop: { __resolveReference: byKey(routes, 'id') }, Query: { version: () => '1' } },
    },
  ],
  cases: {
    'a value object is put together from two subgraphs': {
      query: '{ shops { address { zone town street } } }',
      expected: {
        data: { shops: [{ address: { zone: 4, town: 'Bergen', street: 'Quay 1' } }, { address: null }] },
      },
      fetches: 2,
    },
    'what both have is asked of the one that is asked anyway': {
      query: '{ version shops { address { town } } }',
      expected: { data: { version: '1', shops: [{ address: { town: 'Bergen' } }, { address: null }] } },
      fetches: 1,
    },
  },
};
