/** A null where none may be takes the nearest object that may be null, and is told with its path either way. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const pots = [
  { id: 'p1', plant: { name: 'Fern' }, leaves: ['a', null] },
  { id: 'p2', plant: { name: null }, leaves: ['b'] },
];
const soils = [
  { id: 'p1', acid: 5, layers: [{ depth: 1 }, { depth: null }] },
  { id: 'p2', acid: null, layers: [] },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'pots',
      sdl: federation2(`
        type Query { pots: [Pot]!  first: Pot!  maybe: Pot  none: Pot! }
        type Pot @key(fields: "id") { id: ID!  plant: Plant  leaves: [String!] }
        type Plant { name: String! }
      `),
      resolvers: {
        Query: { pots: () => pots, first: () => pots[0], maybe: () => pots[1], none: () => null },
      },
    },
    {
      name: 'soils',
      sdl: federation2(`
        type Pot @key(fields: "id") { id: ID!  acid: Int!  layers: [Layer!]!  watered: Boolean }
        type Layer { depth: Int! }
      `),
      resolvers: { Pot: { __resolveReference: byKey(soils, 'id'), watered: () => true } },
    },
  ],
  cases: {
    'an object in the asked subgraph': {
      query: '{ pots { id plant { name } } }',
      expected: {
        data: {
          pots: [
            { id: 'p1', plant: { name: 'Fern' } },
            { id: 'p2', plant: null },
          ],
        },
        errors: [{ code: 'SUBGRAPH_ERROR', path: ['pots', 1, 'plant', 'name'] }],
      },
    },
    'a list whose items may not be null': {
      query: '{ pots { leaves } }',
      expected: {
        data: { pots: [{ leaves: null }, { leaves: ['b'] }] },
        errors: [{ code: 'SUBGRAPH_ERROR', path: ['pots', 0, 'leaves', 1] }],
      },
    },
    'an item of a list, by a field of another subgraph': {
      query: '{ pots { id acid } }',
      expected: {
        data: { pots: [{ id: 'p1', acid: 5 }, null] },
        errors: [{ code: 'SUBGRAPH_ERROR', path: ['pots', 1, 'acid'] }],
      },
    },
    'an object, by a field of another subgraph': {
      query: '{ maybe { id acid } first { id } }',
      expected: {
        data: { maybe: null, first: { id: 'p1' } },
        errors: [{ code: 'SUBGRAPH_ERROR', path: ['maybe', 'acid'] }],
      },
    },
    'the whole answer, from deep within another subgraph': {
      query: '{ first { layers { depth } } maybe { id } }',
      expected: { data: null, errors: [{ code: 'SUBGRAPH_ERROR', path: ['first', 'layers', 1, 'depth'] }] },
    },
    'the whole answer, by a root field': {
      query: '{ none { id } maybe { id } }',
      expected: { data: null, errors: [{ code: 'SUBGRAPH_ERROR', path: ['none'] }] },
    },
    'a field beside that may be null goes with its object': {
      query: '{ pots { watered acid } }',
      expected: {
        data: { pots: [{ watered: true, acid: 5 }, null] },
        errors: [{ code: 'SUBGRAPH_ERROR', path: ['pots', 1, 'acid'] }],
      },
    },
  },
};
