/** A list of value objects that two subgraphs resolve is merged item by item. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const songs = [
  { id: 'x', verses: [{ no: 1, words: 'La' }, { no: 2, words: 'Le' }, null] },
  { id: 'y', verses: [] },
  { id: 'z', verses: null },
];
const scores = [
  { id: 'x', verses: [{ no: 1, bars: 8 }, { no: 2, bars: 12 }, null] },
  { id: 'y', verses: [] },
  { id: 'z', verses: null },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'lyrics',
      sdl: federation2(`
        type Query { songs: [Song!]! }
        type Song @key(fields: "id") { id: ID!  verses: [Verse] @shareable }
        type Verse { no: Int! @shareable  words: String }
      `),
      resolvers: { Query: { songs: () => songs } },
    },
    {
      name: 'scores',
      sdl: federation2(`
        type Song @key(fields: "id") { id: ID!  verses: [Verse] @shareable }
        type Verse { no: Int! @shareable  bars: Int }
      `),
      resolvers: { Song: { __resolveReference: byKey(scores, 'id') } },
    },
  ],
  cases: {
    'items are merged by their place; nulls, empty lists and absent lists stay': {
      query: '{ songs { verses { bars no words } } }',
      expected: {
        data: {
          songs: [
            { verses: [{ bars: 8, no: 1, words: 'La' }, { bars: 12, no: 2, words: 'Le' }, null] },
            { verses: [] },
            { verses: null },
          ],
        },
      },
      fetches: 2,
    },
  },
};
