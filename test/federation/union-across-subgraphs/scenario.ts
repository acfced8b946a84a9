/** A union whose members differ from subgraph to subgraph: a fragment on a member unknown there matches nothing. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const pages = [{ id: 'p1', text: 'Moss' }];
const photos = [{ id: 'f1', width: 80 }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'search',
      sdl: federation2(`
        type Query { results: [Result!]!  first: Result }
        union Result = Page | Photo
        type Page @key(fields: "id") { id: ID! }
        type Photo @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Query: {
          results: () => [
            { __typename: 'Photo', id: 'f1' },
            { __typename: 'Page', id: 'p1' },
          ],
          first: () => ({ __typename: 'Page', id: 'p1' }),
        },
      },
    },
    {
      name: 'content',
      sdl: federation2(`
        type Query { sponsored: Result }
        union Result = Page | Photo | Advert
        type Page @key(fields: "id") { id: ID!  text: String!  related: [Result!]! }
        type Photo @key(fields: "id") { id: ID!  width: Int! }
        type Advert { slogan: String! }
      `),
      resolvers: {
        Query: { sponsored: () => ({ __typename: 'Advert', slogan: 'Buy' }) },
        Page: {
          __resolveReference: byKey(pages, 'id'),
          related: () => [
            { __typename: 'Advert', slogan: 'Buy' },
            { __typename: 'Photo', id: 'f1' },
          ],
        },
        Photo: {
          __resolveReference: byKey(photos, 'id'),
          width: ({ id }: { id: string }) => byKey(photos, 'id')({ id })?.width,
        },
      },
    },
  ],
  cases: {
    'members are completed from the other subgraph': {
      query: '{ results { __typename ... on Page { text } ... on Photo { width } } }',
      expected: {
        data: {
          results: [
            { __typename: 'Photo', width: 80 },
            { __typename: 'Page', text: 'Moss' },
          ],
        },
      },
      fetches: 2,
    },
    'a member that the subgraph does not know is left out of what it is asked': {
      query:
        '{ first { ... on Advert { slogan } ... on Page { id } } sponsored { ... on Advert { slogan } } }',
      expected: { data: { first: { id: 'p1' }, sponsored: { slogan: 'Buy' } } },
      fetches: 2,
    },
    'a union inside a member of the union': {
      query:
        '{ first { ... on Page { related { __typename ... on Advert { slogan } ... on Photo { width } } } } }',
      expected: {
        data: {
          first: {
            related: [
              { __typename: 'Advert', slogan: 'Buy' },
              { __typename: 'Photo', width: 80 },
            ],
          },
        },
      },
      fetches: 2,
    },
    'where no fragment matches an object is empty': {
      query: '{ results { ... on Page { id } } }',
      expected: { data: { results: [{}, { id: 'p1' }] } },
      fetches: 1,
    },
  },
};
