/** A field that one subgraph takes over from another is asked of the new owner alone. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'old',
      sdl: federation2(`
        type Query { user: User!  motto: String! }
        type User @key(fields: "id") { id: ID!  name: String!  avatar: String! }
      `),
      resolvers: {
        Query: { user: () => ({ id: 'u1', name: 'Di', avatar: 'old.png' }), motto: () => 'old motto' },
        User: { __resolveReference: ({ id }: { id: string }) => ({ id, name: 'Di', avatar: 'old.png' }) },
      },
    },
    {
      name: 'new',
      sdl: federation2(`
        type Query { motto: String! @override(from: "old")  newest: User! }
        type User @key(fields: "id") {
          id: ID!
          avatar: String! @override(from: "old")
          banner: String! @override(from: "a subgraph that is not there")
        }
      `),
      resolvers: {
        Query: { motto: () => 'new motto', newest: () => ({ id: 'u2' }) },
        User: {
          avatar: ({ id }: { id: string }) => `${id}.webp`,
          banner: ({ id }: { id: string }) => `${id}.svg`,
        },
      },
    },
  ],
  cases: {
    'a root field': {
      query: '{ motto }',
      expected: { data: { motto: 'new motto' } },
      fetches: 1,
    },
    'a field of an entity that comes from the old owner': {
      query: '{ user { name avatar banner } }',
      expected: { data: { user: { name: 'Di', avatar: 'u1.webp', banner: 'u1.svg' } } },
      fetches: 2,
    },
    'a field of an entity that comes from the new owner': {
      query: '{ newest { avatar } }',
      expected: { data: { newest: { avatar: 'u2.webp' } } },
      fetches: 1,
    },
  },
};
