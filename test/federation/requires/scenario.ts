/** A field computed from fields of another subgraph gets them sent with its key, whether the client asks them or not. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Parcel {
  id: string;
  grams: number | null;
  fragile: boolean;
}

const parcels = [
  { id: 'p1', grams: 500, fragile: false },
  { id: 'p2', grams: 2_000, fragile: true },
  { id: 'p3', grams: null, fragile: false },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'warehouse',
      sdl: federation2(`
        type Query { parcels: [Parcel!]! }
        type Parcel @key(fields: "id") { id: ID!  grams: Int  fragile: Boolean! }
      `),
      resolvers: { Query: { parcels: () => parcels }, Parcel: { __resolveReference: byKey(parcels, 'id') } },
    },
    {
      name: 'postage',
      sdl: federation2(`
        type Query { dearest: Parcel }
        type Parcel @key(fields: "id") {
          id: ID!
          grams: Int @external
          fragile: Boolean! @external
          postage: Int @requires(fields: "grams fragile")
          carrier: String!
        }
      `),
      resolvers: {
        Query: { dearest: () => ({ id: 'p2' }) },
        Parcel: {
          carrier: ({ id }: Parcel) => `carrier of ${id}`,
          postage: ({ grams, fragile }: Parcel) => (grams === null ? null : grams * (fragile ? 2 : 1)),
        },
      },
    },
  ],
  cases: {
    'what is required is fetched though nobody asked for it': {
      query: '{ parcels { postage } }',
      expected: { data: { parcels: [{ postage: 500 }, { postage: 4_000 }, { postage: null }] } },
      fetches: 2,
    },
    'the subgraph that computes it is left and entered again': {
      query: '{ dearest { carrier postage } }',
      expected: { data: { dearest: { carrier: 'carrier of p2', postage: 4_000 } } },
      fetches: 3,
    },
    'an alias on what is required does not hide it': {
      query: '{ parcels { weight: grams postage } }',
      expected: {
        data: {
          parcels: [
            { weight: 500, postage: 500 },
            { weight: 2_000, postage: 4_000 },
            { weight: null, postage: null },
          ],
        },
      },
      fetches: 2,
    },
  },
};
