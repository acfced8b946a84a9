/** What is required under a condition is fetched when the condition holds, and whenever something else requires it. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Tile {
  id: string;
  side: number;
  colour: string;
  hue: number;
}

const tiles = [
  { id: 't1', side: 2, parts: [{ id: 't2' }] },
  { id: 't2', side: 3, parts: [] },
];

const twice = 'fragment Area on Tile { area }';

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'tiles',
      sdl: federation2(`
        type Query { tiles: [Tile!]! }
        type Tile @key(fields: "id") { id: ID!  side: Int!  parts: [Tile!]! }
      `),
      resolvers: {
        Query: { tiles: () => tiles },
        Tile: {
          __resolveReference: ({ id }: Tile) => tiles.find((tile) => tile.id === id),
          side: ({ id }: Tile) => tiles.find((tile) => tile.id === id)?.side,
        },
      },
    },
    {
      name: 'colours',
      sdl: federation2('type Tile @key(fields: "id") { id: ID!  colour(tone: String): String!  hue: Int! }'),
      resolvers: {
        Tile: {
          colour: ({ id }: Tile, { tone }: { tone: string }) => `${tone} ${id}`,
          hue: ({ id }: Tile) => Number(id[1]),
        },
      },
    },
    {
      name: 'paint',
      sdl: federation2(`
        type Tile @key(fields: "id") {
          id: ID!
          side: Int! @external
          colour(tone: String): String! @external
          hue: Int! @external
          area: Int! @requires(fields: "side")
          tint: Int! @requires(fields: "hue")
          sheen: Int! @requires(fields: "side hue")
          paint: String! @requires(fields: "side colour(tone: \\"pale\\")")
        }
      `),
      resolvers: {
        Tile: {
          area: ({ side }: Tile) => side * side,
          tint: ({ hue }: Tile) => hue * 10,
          sheen: ({ side, hue }: Tile) => side * 100 + hue,
          paint: ({ side, colour }: Tile) => `${side} of ${colour}`,
        },
      },
    },
  ],
  cases: {
    'one field that requires is skipped, the other is not': {
      query: 'query ($no: Boolean!) { tiles { area paint @include(if: $no) } }',
      variables: { no: false },
      expected: { data: { tiles: [{ area: 4 }, { area: 9 }] } },
      fetches: 2,
    },
    'and the other way round': {
      query: 'query ($no: Boolean!) { tiles { area @include(if: $no) paint } }',
      variables: { no: false },
      expected: { data: { tiles: [{ paint: '2 of pale t1' }, { paint: '3 of pale t2' }] } },
      fetches: 3,
    },
    'below an entity of the same type': {
      query: 'query ($yes: Boolean!) { tiles { parts { paint @skip(if: $yes) area } } }',
      variables: { yes: true },
      expected: { data: { tiles: [{ parts: [{ area: 9 }] }, { parts: [] }] } },
    },
    'two fields of one fetch that require different things, one of them skipped': {
      query: 'query ($yes: Boolean!) { tiles { parts { sheen @skip(if: $yes) tint } } }',
      variables: { yes: true },
      expected: { data: { tiles: [{ parts: [{ tint: 20 }] }, { parts: [] }] } },
      apollo: 'wrong',
    },
    'two fields of one fetch that require different things, neither skipped': {
      query: 'query ($yes: Boolean!) { tiles { parts { sheen @include(if: $yes) tint } } }',
      variables: { yes: true },
      expected: { data: { tiles: [{ parts: [{ sheen: 302, tint: 20 }] }, { parts: [] }] } },
    },
    'one fragment twice, once under a condition that does not hold': {
      query: `query ($no: Boolean!) { tiles { ...Area @include(if: $no) ...Area } } ${twice}`,
      variables: { no: false },
      expected: { data: { tiles: [{ area: 4 }, { area: 9 }] } },
    },
    'one fragment twice, once under a condition that holds': {
      query: `query ($no: Boolean!) { tiles { ...Area @skip(if: $no) ...Area } } ${twice}`,
      variables: { no: false },
      expected: { data: { tiles: [{ area: 4 }, { area: 9 }] } },
    },
    'a required field with an argument twice, once under a condition that does not hold': {
      query: 'query ($no: Boolean!) { tiles { ... @include(if: $no) { paint } paint } }',
      variables: { no: false },
      expected: { data: { tiles: [{ paint: '2 of pale t1' }, { paint: '3 of pale t2' }] } },
    },
    'a required field with an argument twice, once under a literal that does not hold': {
      query: '{ tiles { ... @include(if: false) { paint } paint } }',
      expected: { data: { tiles: [{ paint: '2 of pale t1' }, { paint: '3 of pale t2' }] } },
    },
    'all of it under one condition that holds': {
      query:
        'query ($yes: Boolean!) { tiles @include(if: $yes) { parts { id ... @include(if: $yes) { paint area } } } }',
      variables: { yes: true },
      expected: {
        data: { tiles: [{ parts: [{ id: 't2', paint: '3 of pale t2', area: 9 }] }, { parts: [] }] },
      },
    },
  },
};
