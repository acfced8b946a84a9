/**
 * A client may give any field the name of a key field: the key is sent under its own name and the client gets what
 * it asked for. Apollo's planner merges the two by response name and loses one.
 */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const islands = [
  { code: 'is', name: 'Iceland' },
  { code: 'ie', name: 'Ireland' },
];
const weather = [
  { code: 'is', sky: 'snow' },
  { code: 'ie', sky: 'rain' },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'atlas',
      sdl: federation2(`
        type Query { islands: [Island!]! }
        type Island @key(fields: "code") { code: String!  name: String! }
      `),
      resolvers: { Query: { islands: () => islands } },
    },
    {
      name: 'weather',
      sdl: federation2('type Island @key(fields: "code") { code: String!  sky: String! }'),
      resolvers: { Island: { __resolveReference: byKey(weather, 'code') } },
    },
  ],
  cases: {
    'another field under the name of the key': {
      query: '{ islands { code: name  sky } }',
      expected: {
        data: {
          islands: [
            { code: 'Iceland', sky: 'snow' },
            { code: 'Ireland', sky: 'rain' },
          ],
        },
      },
      fetches: 2,
      apollo: 'wrong',
    },
    'another field under the name of the key, and the key under the name of the other': {
      query: '{ islands { code: name  name: code  sky } }',
      expected: {
        data: {
          islands: [
            { code: 'Iceland', name: 'is', sky: 'snow' },
            { code: 'Ireland', name: 'ie', sky: 'rain' },
          ],
        },
      },
      apollo: 'wrong',
    },
    'the type name under the name of the key': {
      query: '{ islands { code: __typename  sky } }',
      expected: {
        data: {
          islands: [
            { code: 'Island', sky: 'snow' },
            { code: 'Island', sky: 'rain' },
          ],
        },
      },
    },
    'the key under another name': {
      query: '{ islands { short: code  sky } }',
      expected: {
        data: {
          islands: [
            { short: 'is', sky: 'snow' },
            { short: 'ie', sky: 'rain' },
          ],
        },
      },
    },
    'a field of the other subgraph under the name of the key': {
      query: '{ islands { name  code: sky } }',
      expected: {
        data: {
          islands: [
            { name: 'Iceland', code: 'snow' },
            { name: 'Ireland', code: 'rain' },
          ],
        },
      },
    },
  },
};
