/** What is provided may depend on the concrete type behind an interface or a union. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const films = [{ id: 'f1', title: 'Tide', minutes: 90 }];
const games = [{ id: 'g1', title: 'Go', players: 2 }];

const stubs = `
  union Media = Film | Game
  interface Titled { id: ID!  title: String! }
`;

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'archive',
      sdl: federation2(`
        ${stubs}
        type Film implements Titled @key(fields: "id") { id: ID!  title: String! @shareable  minutes: Int! @shareable }
        type Game implements Titled @key(fields: "id") { id: ID!  title: String! @shareable  players: Int! @shareable }
      `),
      resolvers: {
        Film: { __resolveReference: byKey(films, 'id') },
        Game: { __resolveReference: byKey(games, 'id') },
      },
    },
    {
      name: 'shelf',
      sdl: federation2(`
        ${stubs}
        type Query {
          media: [Media!]! @shareable @provides(fields: "... on Film { title } ... on Game { players }")
          titled: [Titled!]! @provides(fields: "... on Game { title }")
        }
        type Film implements Titled @key(fields: "id") {
          id: ID!  title: String! @external
        }
        type Game implements Titled @key(fields: "id") {
          id: ID!  title: String! @external  players: Int! @external
        }
      `),
      resolvers: {
        Query: {
          media: () => [
            { __typename: 'Film', id: 'f1', title: 'Tide (shelf)' },
            { __typename: 'Game', id: 'g1', players: 22 },
          ],
          titled: () => [
            { __typename: 'Game', id: 'g1', title: 'Go (shelf)' },
            { __typename: 'Film', id: 'f1' },
          ],
        },
      },
    },
  ],
  cases: {
    'each member of the union provides its own fields': {
      query: '{ media { __typename ... on Film { title } ... on Game { players } } }',
      expected: {
        data: {
          media: [
            { __typename: 'Film', title: 'Tide (shelf)' },
            { __typename: 'Game', players: 22 },
          ],
        },
      },
      fetches: 1,
    },
    'what a member does not provide is fetched for that member': {
      query: '{ media { ... on Film { title minutes } ... on Game { title } } }',
      expected: { data: { media: [{ title: 'Tide (shelf)', minutes: 90 }, { title: 'Go' }] } },
      fetches: 2,
    },
    'an interface field that one implementation provides': {
      query: '{ titled { title } }',
      expected: { data: { titled: [{ title: 'Go (shelf)' }, { title: 'Tide' }] } },
      fetches: 2,
    },
  },
};
