/** A required selection may differ by the concrete type behind an interface or a union: each item gets its own. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const routes = [
  {
    id: 'r1',
    leg: { __typename: 'Flight', code: 'F1', gate: 4 },
    stops: [
      { __typename: 'Town', name: 'Oslo' },
      { __typename: 'Sea', depth: 300 },
    ],
  },
  { id: 'r2', leg: { __typename: 'Ferry', code: 'B2', deck: 'upper' }, stops: [] },
  { id: 'r3', leg: null, stops: [{ __typename: 'Sea', depth: 20 }] },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'travel',
      sdl: federation2(`
        type Query { routes: [Route!]! }
        type Route @key(fields: "id") { id: ID!  leg: Leg  stops: [Stop!]! }
        interface Leg { code: ID! }
        type Flight implements Leg { code: ID!  gate: Int! }
        type Ferry implements Leg { code: ID!  deck: String! }
        union Stop = Town | Sea
        type Town { name: String! }
        type Sea { depth: Int! }
      `),
      resolvers: { Query: { routes: () => routes }, Route: { __resolveReference: byKey(routes, 'id') } },
    },
    {
      name: 'signs',
      sdl: federation2(`
        type Query { signed: [Route!]! }
        type Route @key(fields: "id") {
          id: ID!
          leg: Leg @external
          stops: [Stop!]! @external
          boarding: String! @requires(fields: "leg { code ... on Flight { gate } ... on Ferry { deck } }")
          board: String! @requires(fields: "stops { __typename ... on Town { name } ... on Sea { depth } }")
        }
        interface Leg { code: ID! }
        type Flight implements Leg @external { code: ID!  gate: Int! }
        type Ferry implements Leg @external { code: ID!  deck: String! }
        union Stop = Town | Sea
        type Town @external { name: String! }
        type Sea @external { depth: Int! }
      `),
      resolvers: {
        Query: { signed: () => [{ id: 'r2' }, { id: 'r1' }] },
        Route: {
          boarding: ({ leg }: { leg: unknown }) => JSON.stringify(leg),
          board: ({ stops }: { stops: unknown }) => JSON.stringify(stops),
        },
      },
    },
  ],
  cases: {
    'fragments on an interface; the type name is sent where it is required': {
      query: '{ signed { boarding } }',
      expected: {
        data: {
          signed: [{ boarding: '{"code":"B2","deck":"upper"}' }, { boarding: '{"code":"F1","gate":4}' }],
        },
      },
    },
    'an absent object is sent as null': {
      query: '{ routes { leg { code } boarding } }',
      expected: {
        data: {
          routes: [
            { leg: { code: 'F1' }, boarding: '{"code":"F1","gate":4}' },
            { leg: { code: 'B2' }, boarding: '{"code":"B2","deck":"upper"}' },
            { leg: null, boarding: 'null' },
          ],
        },
      },
    },
    'fragments on a union in a list': {
      query: '{ routes { board } }',
      expected: {
        data: {
          routes: [
            { board: '[{"__typename":"Town","name":"Oslo"},{"__typename":"Sea","depth":300}]' },
            { board: '[]' },
            { board: '[{"__typename":"Sea","depth":20}]' },
          ],
        },
      },
    },
  },
};
