/** Scalars pass as they are: numbers in their full range, text of any alphabet, values of scalars of the graph's own. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Sheet {
  id: string;
  cells: unknown;
}

const sheet = {
  id: '7',
  big: 9_007_199_254_740_991,
  small: -2_147_483_648,
  tiny: 5e-324,
  text: '微信 "quoted" \\ \n \u0000 \u2028 😀',
  cells: { a: [1, { __typename: 'Cell', deep: null }], __proto_: 'x', length: 3 },
  none: null,
};

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'sheets',
      sdl: federation2(`
        scalar Json
        type Query { sheet: Sheet! }
        type Sheet @key(fields: "id") {
          id: ID!
          big: Float
          small: Int
          tiny: Float
          text: String
          cells: Json!
          none: Json
          matrix: [[Json]!]
        }
      `),
      resolvers: {
        Query: {
          sheet: () => ({
            ...sheet,
            matrix: [
              [1, 'a'],
              [{}, null, []],
            ],
          }),
        },
      },
    },
    {
      name: 'formulas',
      sdl: federation2(`
        scalar Json
        type Sheet @key(fields: "id") {
          id: ID!
          cells: Json! @external
          echo: Json @requires(fields: "cells")
          idIs: String
        }
      `),
      resolvers: { Sheet: { echo: ({ cells }: Sheet) => cells, idIs: ({ id }: Sheet) => typeof id } },
    },
  ],
  cases: {
    'numbers and text': {
      query: '{ sheet { id big small tiny text } }',
      expected: {
        data: {
          sheet: { id: '7', big: sheet.big, small: sheet.small, tiny: sheet.tiny, text: sheet.text },
        },
      },
    },
    'values of any shape, which look like objects but are none': {
      query: '{ sheet { cells none matrix } }',
      expected: {
        data: {
          sheet: {
            cells: sheet.cells,
            none: null,
            matrix: [
              [1, 'a'],
              [{}, null, []],
            ],
          },
        },
      },
    },
    'through a requirement to another subgraph and back': {
      query: '{ sheet { echo idIs } }',
      expected: { data: { sheet: { echo: sheet.cells, idIs: 'string' } } },
      fetches: 2,
    },
  },
};
