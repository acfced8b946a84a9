/**
 * An interface without implementations whose field no subgraph can be asked for: an error, where Apollo's planner
 * plans nothing and the answer looks as if there were no data.
 */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'a',
      sdl: federation2(`
        type Query { thing: Thing  named: String!  box: Box }
        type Box { thing: Thing  size: Int! }
        interface Thing @key(fields: "id", resolvable: false) { id: ID! }
      `),
      resolvers: {
        Query: {
          thing: () => ({ __typename: 'Box', id: 'b1' }),
          named: () => 'a',
          box: () => ({ thing: { __typename: 'Box' }, size: 1 }),
        },
      },
    },
    {
      name: 'b',
      sdl: federation2(`
        type Query { weighed: Thing }
        type Thing @interfaceObject @key(fields: "id", resolvable: false) { id: ID!  weight: Int! }
      `),
      resolvers: { Query: { weighed: () => ({ id: 'b1', weight: 3 }) } },
    },
  ],
  cases: {
    'the unreachable field': {
      query: '{ thing { weight } }',
      expected: { data: null, errors: [{ code: 'SUBGRAPH_ERROR' }] },
      fetches: 0,
      apollo: 'wrong',
    },
    'the unreachable field beside another': {
      query: '{ thing { weight } named }',
      expected: {
        data: { thing: null, named: 'a' },
        errors: [{ code: 'SUBGRAPH_ERROR', path: ['thing'] }],
      },
      fetches: 1,
      apollo: 'wrong',
    },
    'the unreachable field further down': {
      query: '{ box { thing { weight } size } }',
      expected: {
        data: { box: { thing: null, size: 1 } },
        errors: [{ code: 'SUBGRAPH_ERROR', path: ['box', 'thing'] }],
      },
      fetches: 1,
      apollo: 'wrong',
    },
    'the field where it is at home': {
      query: '{ weighed { weight id } }',
      expected: { data: { weighed: { weight: 3, id: 'b1' } } },
      fetches: 1,
    },
    'another field beside': {
      query: '{ named }',
      expected: { data: { named: 'a' } },
      fetches: 1,
    },
  },
};
