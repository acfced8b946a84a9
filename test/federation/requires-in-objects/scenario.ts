/** Fields that require different parts of one object, or one field of several objects with different arguments. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Crate {
  size: { wide: number; high: number };
  inner: { at: number };
  outer: { at: number };
}

const wall = { at: (_: unknown, { unit }: { unit: number }) => unit };
const crate = { id: 'c1', size: { wide: 2, high: 5 }, inner: {}, outer: {} };

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'crates',
      sdl: federation2(`
        type Query { crates: [Crate!]! }
        type Crate @key(fields: "id") { id: ID!  size: Size!  inner: Wall!  outer: Wall!  within: Crate }
        type Size { wide: Int!  high: Int! }
        type Wall { at(unit: Int!): Int! }
      `),
      resolvers: {
        Query: { crates: () => [{ ...crate, within: { ...crate, id: 'c2' } }] },
        Crate: { __resolveReference: ({ id }: { id: string }) => ({ ...crate, id }) },
        Wall: wall,
      },
    },
    {
      name: 'labels',
      sdl: federation2(`
        type Crate @key(fields: "id") {
          id: ID!
          size: Size! @external
          inner: Wall! @external
          outer: Wall! @external
          wide: Int @requires(fields: "size { wide }")
          high: Int @requires(fields: "size { high }")
          gap: Int @requires(fields: "inner { at(unit: 1) } outer { at(unit: 3) }")
          far: Int @requires(fields: "inner { at(unit: 5) } outer { at(unit: 3) }")
          near: Int @requires(fields: "inner { at(unit: 1) } outer { at(unit: 9) }")
          farther: Int @requires(fields: "inner { at(unit: 5) } outer { at(unit: 9) }")
        }
        type Size @external { wide: Int!  high: Int! }
        type Wall @external { at(unit: Int!): Int! }
      `),
      resolvers: {
        Crate: {
          wide: ({ size }: Crate) => size.wide * 10,
          high: ({ size }: Crate) => size.high * 10,
          ...Object.fromEntries(
            ['gap', 'far', 'near', 'farther'].map((field) => [
              field,
              ({ inner, outer }: Crate) => inner.at * 10 + outer.at,
            ]),
          ),
        },
      },
    },
  ],
  cases: {
    'the part that a skipped field requires is left out': {
      query: 'query ($no: Boolean!) { crates { wide @include(if: $no) high } }',
      variables: { no: false },
      expected: { data: { crates: [{ high: 50 }] } },
      fetches: 2,
      apollo: 'wrong',
    },
    'the same below an entity of the same type': {
      query: 'query ($no: Boolean!) { crates { within { high wide @include(if: $no) } } }',
      variables: { no: false },
      expected: { data: { crates: [{ within: { high: 50 } }] } },
      apollo: 'wrong',
    },
    'nothing of the object is required where both are skipped': {
      query: 'query ($no: Boolean!) { crates { wide @include(if: $no) high @include(if: $no) gap } }',
      apollo: 'wrong',
      variables: { no: false },
      expected: { data: { crates: [{ gap: 13 }] } },
    },
    'of two parts under conditions one is required': {
      query:
        'query ($no: Boolean!, $yes: Boolean!) { crates { wide @include(if: $no) high @include(if: $yes) } }',
      variables: { no: false, yes: true },
      expected: { data: { crates: [{ high: 50 }] } },
      apollo: 'wrong',
    },
    'one field of two objects with different arguments': {
      query: '{ crates { gap } }',
      expected: { data: { crates: [{ gap: 13 }] } },
      fetches: 2,
    },
    'and with others for other fields': {
      query: '{ crates { gap farther far near } }',
      expected: { data: { crates: [{ gap: 13, farther: 59, far: 53, near: 19 }] } },
      fetches: 2,
      apollo: 'wrong',
    },
  },
};
