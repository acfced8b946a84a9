/** A subgraph adds a field to an interface without knowing its implementations; every implementation has it. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const media = [
  { __typename: 'Song', id: 'm1', title: 'Hum', seconds: 90 },
  { __typename: 'Clip', id: 'm2', title: 'Run', frames: 24 },
];
const reviews = [
  { id: 'm1', score: 4, reviews: [{ text: 'Fine' }] },
  { id: 'm2', score: 2, reviews: [] },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'library',
      sdl: federation2(`
        type Query { media: [Media!]!  song: Song }
        interface Media @key(fields: "id") { id: ID!  title: String! }
        type Song implements Media @key(fields: "id") { id: ID!  title: String!  seconds: Int! }
        type Clip implements Media @key(fields: "id") { id: ID!  title: String!  frames: Int! }
      `),
      resolvers: {
        Query: { media: () => media, song: () => media[0] },
        Media: { __resolveReference: byKey(media, 'id') },
        Song: { __resolveReference: byKey(media, 'id') },
        Clip: { __resolveReference: byKey(media, 'id') },
      },
    },
    {
      name: 'reviews',
      sdl: federation2(`
        type Query { best: Media }
        type Media @key(fields: "id") @interfaceObject { id: ID!  score: Int!  reviews: [Review!]! }
        type Review { text: String!  author: String }
      `),
      resolvers: {
        Query: { best: () => reviews[0] },
        Media: { __resolveReference: byKey(reviews, 'id') },
        Review: {
          author: () => {
            throw new Error('The author is lost.');
          },
        },
      },
    },
  ],
  cases: {
    'the added field on the interface': {
      query: '{ media { title score } }',
      expected: {
        data: {
          media: [
            { title: 'Hum', score: 4 },
            { title: 'Run', score: 2 },
          ],
        },
      },
      fetches: 2,
    },
    'the added field in a fragment on one implementation': {
      query: '{ media { __typename ... on Clip { score frames reviews { text } } } }',
      expected: {
        data: { media: [{ __typename: 'Song' }, { __typename: 'Clip', score: 2, frames: 24, reviews: [] }] },
      },
      fetches: 2,
    },
    'the added field on a field of the concrete type': {
      query: '{ song { score reviews { text } title } }',
      expected: { data: { song: { score: 4, reviews: [{ text: 'Fine' }], title: 'Hum' } } },
      fetches: 2,
    },
    'a field that fails where nobody asked for it is not told of': {
      query: '{ media { ... on Song { score } ... on Clip { reviews { author } } } }',
      expected: { data: { media: [{ score: 4 }, { reviews: [] }] } },
      apollo: 'wrong',
    },
    'and is where somebody did': {
      query: '{ media { ... on Song { reviews { author } } ... on Clip { score } } }',
      expected: {
        data: { media: [{ reviews: [{ author: null }] }, { score: 2 }] },
        errors: [{ code: 'SUBGRAPH_ERROR', path: ['media', 0, 'reviews', 0, 'author'] }],
      },
    },
  },
};
