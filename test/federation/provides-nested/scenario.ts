/** What is provided may lie several objects deep, also inside an entity of a third subgraph. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const authors = [{ id: 'a1', name: 'Lu', home: { town: 'Nara', country: 'JP' } }];
const articles = [{ id: 't1', text: 'Long', author: { id: 'a1' } }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'authors',
      sdl: federation2(`
        type Author @key(fields: "id") { id: ID!  name: String! @shareable  home: Home @shareable }
        type Home { town: String! @shareable  country: String! @shareable }
      `),
      resolvers: { Author: { __resolveReference: byKey(authors, 'id') } },
    },
    {
      name: 'articles',
      sdl: federation2(`
        type Query { articles: [Article!]! }
        type Article @key(fields: "id") { id: ID!  text: String! @shareable  author: Author! @shareable }
        type Author @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Query: { articles: () => articles },
        Article: { __resolveReference: byKey(articles, 'id') },
      },
    },
    {
      name: 'front-page',
      sdl: federation2(`
        type Query { top: Article @provides(fields: "text author { name home { town } }") }
        type Article @key(fields: "id") { id: ID!  text: String! @external  author: Author! @external }
        type Author @key(fields: "id") { id: ID!  name: String! @external  home: Home @external }
        type Home @shareable { town: String!  country: String! }
      `),
      resolvers: {
        Query: {
          top: () => ({ id: 't1', text: 'Short', author: { id: 'a1', name: 'L.', home: { town: 'N.' } } }),
        },
      },
    },
  ],
  cases: {
    'all that is provided is asked at once': {
      query: '{ top { text author { name home { town } } } }',
      expected: { data: { top: { text: 'Short', author: { name: 'L.', home: { town: 'N.' } } } } },
      fetches: 1,
    },
    'the same fields outside the providing path come from their owners': {
      query: '{ articles { text author { name home { country } } } }',
      expected: { data: { articles: [{ text: 'Long', author: { name: 'Lu', home: { country: 'JP' } } }] } },
      fetches: 2,
    },
  },
};
