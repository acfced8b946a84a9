/** Enums are merged: what clients may send is what all subgraphs know, what they may get is what any knows. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const refused = { status: 400, errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }] };

const lamps = [
  { id: 'l1', colour: 'RED', shade: 'DARK', finish: 'MATT' },
  { id: 'l2', colour: 'INFRARED', shade: 'LIGHT', finish: 'GLOSS' },
  { id: 'l3', colour: 'PURPLE', shade: null, finish: 'MATT' },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'lamps',
      sdl: federation2(`
        type Query { lamps: [Lamp!]!  inShade(shade: Shade!): Int!  finishes: [Finish]! }
        type Lamp @key(fields: "id") { id: ID!  colour: Colour  shade: Shade  finish: Finish! }
        enum Colour { RED BLUE INFRARED @inaccessible }
        enum Shade { DARK LIGHT }
        enum Finish { MATT GLOSS }
      `),
      resolvers: {
        Query: {
          lamps: () =>
            lamps.map((lamp) => ({ ...lamp, colour: lamp.colour === 'PURPLE' ? null : lamp.colour })),
          inShade: (_: unknown, { shade }: { shade: string }) =>
            lamps.filter((lamp) => lamp.shade === shade).length,
          finishes: () => ['GLOSS', null, 'MATT'],
        },
      },
    },
    {
      name: 'catalogue',
      sdl: federation2(`
        type Query { withShade(shade: Shade!): [ID!]! }
        type Lamp @key(fields: "id") { id: ID!  variant(colour: Colour!): Colour  coating: Coating! }
        enum Colour { RED BLUE INFRARED }
        enum Shade { DARK LIGHT }
        enum Coating { NONE  VARNISH }
      `),
      resolvers: {
        Query: {
          withShade: (_: unknown, { shade }: { shade: string }) =>
            lamps.filter((lamp) => lamp.shade === shade).map(({ id }) => id),
        },
        Lamp: {
          __resolveReference: byKey(lamps, 'id'),
          variant: (_: unknown, { colour }: { colour: string }) => colour,
          coating: () => 'VARNISH',
        },
      },
    },
  ],
  cases: {
    'a value as literal and by variable reaches the subgraph as it is': {
      query: 'query ($shade: Shade!) { inShade(shade: DARK) withShade(shade: $shade) }',
      variables: { shade: 'LIGHT' },
      expected: { data: { inShade: 1, withShade: ['l2'] } },
      fetches: 2,
    },
    'a value that no subgraph knows is refused': {
      query: '{ inShade(shade: GREEN) }',
      expected: refused,
      fetches: 0,
    },
    'a value that clients may not know becomes null, with an error': {
      query: '{ lamps { colour shade } }',
      expected: {
        data: {
          lamps: [
            { colour: 'RED', shade: 'DARK' },
            { colour: null, shade: 'LIGHT' },
            { colour: null, shade: null },
          ],
        },
        errors: [{ code: 'SUBGRAPH_BAD_RESPONSE', path: ['lamps', 1, 'colour'] }],
      },
      apollo: 'wrong',
    },
    'a list of values keeps its nulls': {
      query: '{ finishes }',
      expected: { data: { finishes: ['GLOSS', null, 'MATT'] } },
    },
    'a value through an entity': {
      query: '{ lamps { coating variant(colour: BLUE) } }',
      expected: {
        data: {
          lamps: [
            { coating: 'VARNISH', variant: 'BLUE' },
            { coating: 'VARNISH', variant: 'BLUE' },
            { coating: 'VARNISH', variant: 'BLUE' },
          ],
        },
      },
    },
  },
};
