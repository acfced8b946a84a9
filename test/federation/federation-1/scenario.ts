/** Subgraphs of federation 1: `extend type`, external keys, value types without `@shareable`. */
import { byKey, type Scenario } from '../../support/federation-scenario.ts';

const users = [
  { id: 'u1', name: 'An', place: { town: 'Hue' } },
  { id: 'u2', name: 'Bi', place: null },
];
const posts = [
  { id: 'p1', author: { id: 'u2' }, place: { town: 'Ulm' } },
  { id: 'p2', author: { id: 'u1' }, place: null },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'users',
      sdl: `
        type Query { users: [User!]! }
        type User @key(fields: "id") { id: ID!  name: String!  place: Place }
        type Place { town: String! }
      `,
      resolvers: { Query: { users: () => users }, User: { __resolveReference: byKey(users, 'id') } },
    },
    {
      name: 'posts',
      sdl: `
        extend type Query { posts: [Post!]! }
        type Post @key(fields: "id") { id: ID!  author: User! @provides(fields: "name")  place: Place }
        extend type User @key(fields: "id") {
          id: ID! @external
          name: String! @external
          posts: [Post!]!
          signature: String! @requires(fields: "name")
        }
        type Place { town: String! }
      `,
      resolvers: {
        Query: {
          posts: () => posts.map((post) => ({ ...post, author: { ...post.author, name: 'provided' } })),
        },
        User: {
          posts: ({ id }: { id: string }) => posts.filter(({ author }) => author.id === id),
          signature: ({ name }: { name: string }) => `-- ${name}`,
        },
      },
    },
  ],
  cases: {
    'an extended type': {
      query: '{ users { name posts { id place { town } } place { town } } }',
      expected: {
        data: {
          users: [
            { name: 'An', posts: [{ id: 'p2', place: null }], place: { town: 'Hue' } },
            { name: 'Bi', posts: [{ id: 'p1', place: { town: 'Ulm' } }], place: null },
          ],
        },
      },
      fetches: 2,
    },
    'an external key is answered by the subgraph that extends': {
      query: '{ posts { author { id } } }',
      expected: { data: { posts: [{ author: { id: 'u2' } }, { author: { id: 'u1' } }] } },
      fetches: 1,
    },
    'what is required is fetched from the owner': {
      query: '{ users { signature } }',
      expected: { data: { users: [{ signature: '-- An' }, { signature: '-- Bi' }] } },
      fetches: 2,
    },
    'what is provided is not': {
      query: '{ posts { author { name } } }',
      expected: { data: { posts: [{ author: { name: 'provided' } }, { author: { name: 'provided' } }] } },
      fetches: 1,
    },
  },
};
