/** What is required may differ with the type behind a union, by its fields and by the arguments of one field. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const films = [
  { id: '1', on: { __typename: 'Reel', metres: 3 } },
  { id: '2', on: { __typename: 'Disk', bytes: 7 } },
  { id: '3', on: null },
];

interface Film {
  on: unknown;
}

const shown = ({ on }: Film): string => JSON.stringify(on);

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'films',
      sdl: federation2(`
        type Query { films: [Film!]! }
        type Film @key(fields: "id") { id: ID!  on: Carrier }
        union Carrier = Reel | Disk
        type Reel { metres: Int!  label(size: Int): String! }
        type Disk { bytes: Int!  label(size: Int): String! }
      `),
      resolvers: {
        Query: { films: () => films },
        Film: { __resolveReference: byKey(films, 'id') },
        Reel: { label: (_: unknown, { size }: { size?: number }) => `reel ${size}` },
        Disk: { label: (_: unknown, { size }: { size?: number }) => `disk ${size}` },
      },
    },
    {
      name: 'shelves',
      sdl: federation2(`
        type Film @key(fields: "id") {
          id: ID!
          on: Carrier @external
          both: String @requires(fields: "on { ... on Reel { metres label(size: 1) } ... on Disk { bytes label(size: 2) } }")
          reel: String @requires(fields: "on { ... on Reel { metres } }")
          disk: String @requires(fields: "on { ... on Disk { label(size: 5) } }")
        }
        union Carrier = Reel | Disk
        type Reel @external { metres: Int!  label(size: Int): String! }
        type Disk @external { bytes: Int!  label(size: Int): String! }
      `),
      resolvers: { Film: { both: shown, reel: shown, disk: shown } },
    },
  ],
  cases: {
    'fields of one type alone': {
      query: '{ films { reel } }',
      expected: { data: { films: [{ reel: '{"metres":3}' }, { reel: '{}' }, { reel: 'null' }] } },
      fetches: 2,
    },
    'one field with other arguments for each type': {
      query: '{ films { both } }',
      expected: {
        data: {
          films: [
            { both: '{"metres":3,"label":"reel 1"}' },
            { both: '{"bytes":7,"label":"disk 2"}' },
            { both: 'null' },
          ],
        },
      },
      fetches: 2,
    },
    'and with yet others for another field': {
      query: '{ films { id disk both } }',
      expected: {
        data: {
          films: [
            { id: '1', disk: '{"metres":3}', both: '{"metres":3,"label":"reel 1"}' },
            { id: '2', disk: '{"bytes":7,"label":"disk 5"}', both: '{"bytes":7,"label":"disk 2"}' },
            { id: '3', disk: 'null', both: 'null' },
          ],
        },
      },
      fetches: 2,
      apollo: 'wrong',
    },
    'beside the same fields with arguments and aliases of the client': {
      query:
        '{ films { on { ... on Reel { label(size: 9) metres: label(size: 8) } ... on Disk { label } } both } }',
      expected: {
        data: {
          films: [
            { on: { label: 'reel 9', metres: 'reel 8' }, both: '{"metres":3,"label":"reel 1"}' },
            { on: { label: 'disk undefined' }, both: '{"bytes":7,"label":"disk 2"}' },
            { on: null, both: 'null' },
          ],
        },
      },
      apollo: 'wrong',
    },
    'where another field takes the name of the union': {
      query: '{ films { on: id both } }',
      expected: {
        data: {
          films: [
            { on: '1', both: '{"metres":3,"label":"reel 1"}' },
            { on: '2', both: '{"bytes":7,"label":"disk 2"}' },
            { on: '3', both: 'null' },
          ],
        },
      },
      apollo: 'wrong',
    },
    'one of two under a condition that does not hold': {
      query: 'query ($no: Boolean!) { films { reel both @include(if: $no) } }',
      apollo: 'wrong',
      variables: { no: false },
      expected: { data: { films: [{ reel: '{"metres":3}' }, { reel: '{}' }, { reel: 'null' }] } },
    },
    'both under conditions, of which one holds': {
      query: 'query ($no: Boolean!) { films { both @skip(if: $no) ... @include(if: $no) { disk } } }',
      apollo: 'wrong',
      variables: { no: false },
      expected: {
        data: {
          films: [
            { both: '{"metres":3,"label":"reel 1"}' },
            { both: '{"bytes":7,"label":"disk 2"}' },
            { both: 'null' },
          ],
        },
      },
    },
  },
};
