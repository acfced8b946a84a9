/**
 * Fields that are alike in the graph but not in one subgraph are asked under names of the planner's own: data and errors
 * come under those of the client.
 */
import { GraphQLError } from 'graphql';
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

const fail = (): never => {
  throw new GraphQLError('Lost.', { extensions: { code: 'NOT_FOUND' } });
};

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'shelf',
      sdl: federation2(`
        type Query { media: [Media!]! }
        union Media = Film | Game
        type Film @key(fields: "id") { id: ID!  size: Int! @shareable  box: FilmBox! @shareable }
        type Game @key(fields: "id") { id: ID!  size: Int  box: GameBox }
        type FilmBox { side: Int! @shareable }
        type GameBox { side: Int }
      `),
      resolvers: {
        Query: {
          media: () => [
            { __typename: 'Film', id: 'f1', size: 1, box: { side: 2 } },
            { __typename: 'Game', id: 'g1', size: 3, box: { side: 4 } },
            { __typename: 'Game', id: 'g2', size: fail, box: { side: fail } },
          ],
        },
      },
    },
    {
      name: 'scores',
      sdl: federation2(`
        type Film @key(fields: "id") {
          id: ID!  size: Int @shareable  box: FilmBox @shareable  stars: Int! @shareable
        }
        type Game @key(fields: "id") { id: ID!  stars: Int }
        type FilmBox { side: Int @shareable }
      `),
      resolvers: {
        Film: { stars: () => 5 },
        Game: {
          __resolveReference: async ({ id }: { id: string }) => (id === 'g2' ? fail() : { id, stars: 4 }),
        },
      },
    },
    {
      name: 'critics',
      sdl: federation2('type Film @key(fields: "id") { id: ID!  stars: Int @shareable }'),
      resolvers: {},
    },
  ],
  cases: {
    'data and errors of a root field': {
      query: '{ media { ... on Film { size } ... on Game { size } } }',
      expected: {
        data: { media: [{ size: 1 }, { size: 3 }, { size: null }] },
        errors: [{ code: 'NOT_FOUND', path: ['media', 2, 'size'] }],
      },
      apollo: 'wrong',
    },
    'the other way round': {
      query: '{ media { ... on Game { size } ... on Film { size } } }',
      expected: {
        data: { media: [{ size: 1 }, { size: 3 }, { size: null }] },
        errors: [{ code: 'NOT_FOUND', path: ['media', 2, 'size'] }],
      },
    },
    'further down': {
      query: '{ media { ... on Film { box { side } } ... on Game { box { side } } } }',
      expected: {
        data: { media: [{ box: { side: 2 } }, { box: { side: 4 } }, { box: { side: null } }] },
        errors: [{ code: 'NOT_FOUND', path: ['media', 2, 'box', 'side'] }],
      },
      apollo: 'wrong',
    },
    'under the name of the prototype': {
      query: '{ media { ... on Game { __proto__: size } ... on Film { __proto__: size } } }',
      expected: {
        data: JSON.parse('{"media":[{"__proto__":1},{"__proto__":3},{"__proto__":null}]}'),
        errors: [{ code: 'NOT_FOUND', path: ['media', 2, '__proto__'] }],
      },
    },
    'of entities, of which one as a whole is lost': {
      query: '{ media { ... on Film { stars } ... on Game { stars } } }',
      expected: {
        data: { media: [{ stars: 5 }, { stars: 4 }, { stars: null }] },
        errors: [{ code: 'NOT_FOUND', path: ['media', 2, 'stars'] }],
      },
      apollo: 'wrong',
      fetches: 2,
    },
    'where the client has taken the name already': {
      query: '{ media { ... on Film { size__alias_0: id size } ... on Game { size } } }',
      expected: {
        data: { media: [{ size__alias_0: 'f1', size: 1 }, { size: 3 }, { size: null }] },
        errors: [{ code: 'NOT_FOUND', path: ['media', 2, 'size'] }],
      },
      apollo: 'wrong',
    },
  },
};
