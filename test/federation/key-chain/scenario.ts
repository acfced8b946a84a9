/** Keys are learned on the way: A knows one, B turns it into another, C answers by that. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const people = [
  { badge: 7, nick: 'sev' },
  { badge: 8, nick: 'ate' },
];
const register = [
  { badge: 7, passport: 'X7', born: 1990 },
  { badge: 8, passport: 'X8', born: 1991 },
];
const visas = [
  { passport: 'X7', visa: 'work', stay: { id: 's7' } },
  { passport: 'X8', visa: 'study', stay: { id: 's8' } },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'club',
      sdl: federation2(`
        type Query { members: [Person!]! }
        type Person @key(fields: "badge") { badge: Int!  nick: String! }
        type Stay @key(fields: "id") { id: ID!  guestOf: String! }
      `),
      resolvers: {
        Query: { members: () => people },
        Person: { __resolveReference: byKey(people, 'badge') },
        Stay: { guestOf: ({ id }: { id: string }) => `host of ${id}` },
      },
    },
    {
      name: 'register',
      sdl: federation2(`
        type Person @key(fields: "badge") @key(fields: "passport") { badge: Int!  passport: String!  born: Int! }
      `),
      resolvers: {
        Person: {
          __resolveReference: (reference: { badge?: number; passport?: string }) =>
            reference.badge === undefined
              ? byKey(register, 'passport')(reference)
              : byKey(register, 'badge')(reference),
        },
      },
    },
    {
      name: 'visas',
      sdl: federation2(`
        type Query { visa(passport: String!): Person }
        type Person @key(fields: "passport") { passport: String!  visa: String!  stay: Stay }
        type Stay @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Query: { visa: (_: unknown, reference: { passport: string }) => byKey(visas, 'passport')(reference) },
        Person: { __resolveReference: byKey(visas, 'passport') },
      },
    },
  ],
  cases: {
    'three subgraphs one after the other': {
      query: '{ members { nick visa } }',
      expected: {
        data: {
          members: [
            { nick: 'sev', visa: 'work' },
            { nick: 'ate', visa: 'study' },
          ],
        },
      },
      fetches: 3,
    },
    'and back again': {
      query: '{ visa(passport: "X8") { nick born visa } }',
      expected: { data: { visa: { nick: 'ate', born: 1991, visa: 'study' } } },
      fetches: 3,
    },
    'a fourth step returns to the first subgraph for another entity': {
      query: '{ members { stay { guestOf } } }',
      expected: {
        data: { members: [{ stay: { guestOf: 'host of s7' } }, { stay: { guestOf: 'host of s8' } }] },
      },
      fetches: 4,
    },
  },
};
