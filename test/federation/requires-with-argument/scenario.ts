/**
 * A required field with an argument keeps its own argument beside the client's: neither takes the other's answer.
 * Apollo's planner merges the two by response name, and the required argument wins.
 */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Post {
  id: string;
  notes: { id: string }[];
}

const posts = [
  { id: 'p1', notes: ['n1', 'n2', 'n3', 'n4'] },
  { id: 'p2', notes: ['n5'] },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'posts',
      sdl: federation2(`
        type Query { posts: [Post!]! }
        type Post @key(fields: "id") { id: ID!  notes(first: Int = 2): [Note!]! }
        type Note { id: ID! }
      `),
      resolvers: {
        Query: { posts: () => posts.map(({ id }) => ({ id })) },
        Post: {
          notes: (reference: Post, { first }: { first: number }) =>
            byKey(
              posts,
              'id',
            )({ id: reference.id })
              ?.notes.slice(0, first)
              .map((id) => ({ id })),
        },
      },
    },
    {
      name: 'digest',
      sdl: federation2(`
        type Post @key(fields: "id") {
          id: ID!
          notes(first: Int = 2): [Note!]! @external
          digest: String! @requires(fields: "notes(first: 3) { id }")
        }
        type Note @external { id: ID! }
      `),
      resolvers: { Post: { digest: ({ notes }: Post) => notes.map(({ id }) => id).join('+') } },
    },
  ],
  cases: {
    'the required argument alone': {
      query: '{ posts { digest } }',
      expected: { data: { posts: [{ digest: 'n1+n2+n3' }, { digest: 'n5' }] } },
      fetches: 2,
    },
    'another argument of the client in the same selection': {
      query: '{ posts { digest notes(first: 1) { id } } }',
      expected: {
        data: {
          posts: [
            { digest: 'n1+n2+n3', notes: [{ id: 'n1' }] },
            { digest: 'n5', notes: [{ id: 'n5' }] },
          ],
        },
      },
      fetches: 2,
      apollo: 'wrong',
    },
    'another argument of the client by variable': {
      query: 'query ($first: Int) { posts { notes(first: $first) { id } digest } }',
      variables: { first: 4 },
      expected: {
        data: {
          posts: [
            { notes: [{ id: 'n1' }, { id: 'n2' }, { id: 'n3' }, { id: 'n4' }], digest: 'n1+n2+n3' },
            { notes: [{ id: 'n5' }], digest: 'n5' },
          ],
        },
      },
      fetches: 2,
      apollo: 'wrong',
    },
    'another argument of the client in another fragment': {
      query: `
        query ($first: Int) { ...Digest ...Notes }
        fragment Digest on Query { posts { digest } }
        fragment Notes on Query { posts { notes(first: $first) { id } } }
      `,
      variables: { first: 1 },
      expected: {
        data: {
          posts: [
            { digest: 'n1+n2+n3', notes: [{ id: 'n1' }] },
            { digest: 'n5', notes: [{ id: 'n5' }] },
          ],
        },
      },
      apollo: 'wrong',
    },
    'the default of the argument': {
      query: '{ posts { digest notes { id } } }',
      expected: {
        data: {
          posts: [
            { digest: 'n1+n2+n3', notes: [{ id: 'n1' }, { id: 'n2' }] },
            { digest: 'n5', notes: [{ id: 'n5' }] },
          ],
        },
      },
      apollo: 'wrong',
    },
    'the same argument under an alias': {
      query: '{ posts { digest all: notes(first: 3) { id } } }',
      expected: {
        data: {
          posts: [
            { digest: 'n1+n2+n3', all: [{ id: 'n1' }, { id: 'n2' }, { id: 'n3' }] },
            { digest: 'n5', all: [{ id: 'n5' }] },
          ],
        },
      },
    },
  },
};
