/** `__typename` is answered everywhere: at the roots, in lists, of entities from several subgraphs, and needs no fetch. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const keys = [{ id: 'k1', teeth: 5 }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'rings',
      sdl: federation2(`
        type Query { ring: Ring  held: Held }
        type Mutation { drop: Ring }
        type Ring { size: Int!  keys: [Key] }
        type Key @key(fields: "id") { id: ID! }
        type Coin { value: Int! }
        union Held = Key | Coin
      `),
      resolvers: {
        Query: {
          ring: () => ({ size: 2, keys: [{ id: 'k1' }, null] }),
          held: () => ({ __typename: 'Coin', value: 5 }),
        },
        Mutation: { drop: () => null },
      },
    },
    {
      name: 'locks',
      sdl: federation2(
        'type Key @key(fields: "id") { id: ID!  teeth: Int!  fits: Lock }  type Lock { no: Int! }',
      ),
      resolvers: { Key: { __resolveReference: byKey(keys, 'id'), fits: () => ({ no: 3 }) } },
    },
  ],
  cases: {
    'of the root alone asks no subgraph': {
      query: 'query Named { __typename }',
      expected: { data: { __typename: 'Query' } },
      fetches: 0,
    },
    'of the root of a mutation': {
      query: 'mutation { __typename drop { __typename } }',
      expected: { data: { __typename: 'Mutation', drop: null } },
      fetches: 1,
    },
    'of objects on every level': {
      query: '{ ring { __typename keys { __typename fits { __typename no } } } }',
      expected: {
        data: {
          ring: {
            __typename: 'Ring',
            keys: [{ __typename: 'Key', fits: { __typename: 'Lock', no: 3 } }, null],
          },
        },
      },
      fetches: 2,
    },
    'and nothing else of them needs no other subgraph': {
      query: '{ ring { keys { __typename } } held { __typename } }',
      expected: { data: { ring: { keys: [{ __typename: 'Key' }, null] }, held: { __typename: 'Coin' } } },
      fetches: 1,
    },
    'in a fragment of the type itself, before and after other fields': {
      query: '{ held { ... on Coin { a: __typename value b: __typename } ... on Key { id } } }',
      expected: { data: { held: { a: 'Coin', value: 5, b: 'Coin' } } },
    },
  },
};
