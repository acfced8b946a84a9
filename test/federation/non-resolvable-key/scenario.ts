/** A subgraph may point at an entity of another without being able to resolve it: it is never asked for one. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const authors = [
  { id: 'a1', name: 'Lu' },
  { id: 'a2', name: 'Mo' },
];
const poems = [
  { title: 'Rain', author: { id: 'a1' } },
  { title: 'Fog', author: { id: 'a2' } },
  { title: 'Anonymous', author: null },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'poems',
      sdl: federation2(`
        type Query { poems: [Poem!]! }
        type Poem { title: String!  author: Author }
        type Author @key(fields: "id", resolvable: false) { id: ID! }
      `),
      resolvers: { Query: { poems: () => poems } },
    },
    {
      name: 'authors',
      sdl: federation2(`
        type Query { authors: [Author!]! }
        type Author @key(fields: "id") { id: ID!  name: String! }
      `),
      resolvers: {
        Query: { authors: () => authors },
        Author: { __resolveReference: byKey(authors, 'id') },
      },
    },
  ],
  cases: {
    'the reference is completed by its owner, and where there is none it stays null': {
      query: '{ poems { title author { name } } }',
      expected: {
        data: {
          poems: [
            { title: 'Rain', author: { name: 'Lu' } },
            { title: 'Fog', author: { name: 'Mo' } },
            { title: 'Anonymous', author: null },
          ],
        },
      },
      fetches: 2,
    },
    'the key alone needs no owner': {
      query: '{ poems { author { id } } }',
      expected: { data: { poems: [{ author: { id: 'a1' } }, { author: { id: 'a2' } }, { author: null }] } },
      fetches: 1,
    },
    'the owner answers its own fields alone': {
      query: '{ authors { id name } }',
      expected: {
        data: {
          authors: [
            { id: 'a1', name: 'Lu' },
            { id: 'a2', name: 'Mo' },
          ],
        },
      },
      fetches: 1,
    },
  },
};
