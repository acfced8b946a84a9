/** An entity with several keys is found by whichever the asking and the asked subgraph share. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const parcels = [
  { id: 'p1', barcode: '111', weight: 5 },
  { id: 'p2', barcode: '222', weight: 7 },
];
const scans = [
  { barcode: '111', place: 'Harbour' },
  { barcode: '222', place: 'Depot' },
];
const payments = [
  { id: 'p1', paid: true },
  { id: 'p2', paid: false },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'parcels',
      sdl: federation2(`
        type Query { parcels: [Parcel!]! }
        type Parcel @key(fields: "id") @key(fields: "barcode") { id: ID!  barcode: String!  weight: Int! }
      `),
      resolvers: {
        Query: { parcels: () => parcels },
        Parcel: {
          __resolveReference: (reference: { id?: string; barcode?: string }) =>
            reference.id ? byKey(parcels, 'id')(reference) : byKey(parcels, 'barcode')(reference),
        },
      },
    },
    {
      name: 'scanning',
      sdl: federation2(`
        type Query { lastScan: Parcel }
        type Parcel @key(fields: "barcode") { barcode: String!  place: String! }
      `),
      resolvers: {
        Query: { lastScan: () => scans[1] },
        Parcel: { __resolveReference: byKey(scans, 'barcode') },
      },
    },
    {
      name: 'payments',
      sdl: federation2(`
        type Query { unpaid: [Parcel!]! }
        type Parcel @key(fields: "id") { id: ID!  paid: Boolean! }
      `),
      resolvers: {
        Query: { unpaid: () => payments.filter(({ paid }) => !paid) },
        Parcel: { __resolveReference: byKey(payments, 'id') },
      },
    },
  ],
  cases: {
    'each subgraph is asked by the key it knows': {
      query: '{ parcels { place paid } }',
      expected: {
        data: {
          parcels: [
            { place: 'Harbour', paid: true },
            { place: 'Depot', paid: false },
          ],
        },
      },
      fetches: 3,
    },
    'two subgraphs without a key in common are joined by a third': {
      query: '{ lastScan { place paid } }',
      expected: { data: { lastScan: { place: 'Depot', paid: false } } },
      fetches: 3,
    },
    'and in the other direction, with a field of the third on the way': {
      query: '{ unpaid { paid weight place } }',
      expected: { data: { unpaid: [{ paid: false, weight: 7, place: 'Depot' }] } },
      fetches: 3,
    },
  },
};
