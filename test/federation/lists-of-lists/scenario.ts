/** Entities in lists of lists are joined at any depth, around nulls on every level. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const cells = [
  { id: 'a', value: 1 },
  { id: 'b', value: 2 },
  { id: 'c', value: 3 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'board',
      sdl: federation2(`
        type Query { grid: [[Cell]]  cube: [[[Cell!]!]!]!  numbers: [[Int]!] }
        type Cell @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Query: {
          grid: () => [[{ id: 'a' }, null, { id: 'b' }], null, []],
          cube: () => [[[{ id: 'c' }, { id: 'a' }], []], []],
          numbers: () => [[1, null], []],
        },
      },
    },
    {
      name: 'values',
      sdl: federation2('type Cell @key(fields: "id") { id: ID!  value: Int!  near: [[Cell!]] }'),
      resolvers: {
        Cell: {
          __resolveReference: byKey(cells, 'id'),
          near: ({ id }: { id: string }) => (id === 'a' ? [[{ id: 'b' }, { id: 'c' }], null] : null),
          value: ({ id }: { id: string }) => byKey(cells, 'id')({ id })?.value,
        },
      },
    },
  ],
  cases: {
    'two levels with nulls': {
      query: '{ grid { value } }',
      expected: { data: { grid: [[{ value: 1 }, null, { value: 2 }], null, []] } },
      fetches: 2,
    },
    'three levels': {
      query: '{ cube { value } }',
      expected: { data: { cube: [[[{ value: 3 }, { value: 1 }], []], []] } },
      fetches: 2,
    },
    'lists of lists inside entities of lists of lists': {
      query: '{ grid { id near { value } } }',
      expected: {
        data: {
          grid: [
            [{ id: 'a', near: [[{ value: 2 }, { value: 3 }], null] }, null, { id: 'b', near: null }],
            null,
            [],
          ],
        },
      },
      fetches: 2,
    },
    scalars: {
      query: '{ numbers }',
      expected: { data: { numbers: [[1, null], []] } },
      fetches: 1,
    },
  },
};
