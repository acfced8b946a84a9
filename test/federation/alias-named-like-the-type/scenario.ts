/** `__typename` may be an alias like any other; of what type an object is, it does not tell. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const cats = [{ __typename: 'Cat', id: 'c1', name: 'Dog', lives: 9 }];
const dogs = [{ __typename: 'Dog', id: 'd1', name: 'Cat', tricks: 3 }];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'animals',
      sdl: federation2(`
        type Query { animals: [Animal!]!  cat: Cat! }
        interface Animal { id: ID!  name: String! }
        type Cat implements Animal @key(fields: "id") { id: ID!  name: String!  lives: Int! }
        type Dog implements Animal { id: ID!  name: String!  tricks: Int! }
      `),
      resolvers: { Query: { animals: () => [...cats, ...dogs], cat: () => cats[0] } },
    },
    {
      name: 'vet',
      sdl: federation2('type Cat @key(fields: "id") { id: ID!  weight: Int! }'),
      resolvers: { Cat: { __resolveReference: byKey([{ id: 'c1', weight: 4 }], 'id') } },
    },
  ],
  cases: {
    'of a root field': {
      query: '{ __typename: cat { id } }',
      expected: { data: { __typename: { id: 'c1' } } },
    },
    'of a field of an object, whose type is told beside it': {
      query: '{ cat { __typename: name kind: __typename weight } }',
      expected: { data: { cat: { __typename: 'Dog', kind: 'Cat', weight: 4 } } },
      apollo: 'wrong',
    },
    'of a field of an interface': {
      query: '{ animals { __typename: name ... on Cat { lives weight } ... on Dog { tricks } } }',
      expected: {
        data: {
          animals: [
            { __typename: 'Dog', lives: 9, weight: 4 },
            { __typename: 'Cat', tricks: 3 },
          ],
        },
      },
      apollo: 'wrong',
    },
    'of a field of one type only': {
      query: '{ animals { ... on Cat { __typename: name weight } ... on Dog { tricks } } }',
      expected: { data: { animals: [{ __typename: 'Dog', weight: 4 }, { tricks: 3 }] } },
      apollo: 'wrong',
    },
  },
};
