/** What comes from a subgraph that knows only the interface gets its concrete type from one that knows it. */
import { GraphQLError } from 'graphql';
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const animals = [
  { __typename: 'Cat', id: 'a1', name: 'Mia', lives: 9 },
  { __typename: 'Dog', id: 'a2', name: 'Rex', tricks: 3 },
];
const visits = [
  { id: 'a2', visitors: 7 },
  { id: 'a1', visitors: 5 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'zoo',
      sdl: federation2(`
        interface Animal @key(fields: "id") { id: ID!  name: String! }
        type Cat implements Animal @key(fields: "id") { id: ID!  name: String!  lives: Int! }
        type Dog implements Animal @key(fields: "id") { id: ID!  name: String!  tricks: Int! }
      `),
      resolvers: {
        Animal: {
          __resolveReference: ({ id }: { id: string }) => {
            if (id === 'a9') throw new GraphQLError('It ran away.', { extensions: { code: 'NOT_FOUND' } });
            return byKey(animals, 'id')({ id });
          },
        },
        Cat: { __resolveReference: byKey(animals, 'id') },
        Dog: { __resolveReference: byKey(animals, 'id') },
      },
    },
    {
      name: 'visits',
      sdl: federation2(`
        type Query { visited: [Animal!]!  lost: Animal }
        type Animal @key(fields: "id") @interfaceObject { id: ID!  visitors: Int! }
      `),
      resolvers: {
        Query: {
          visited: () => visits,
          lost: () => ({ id: 'a9', visitors: 1 }),
        },
        Animal: { __resolveReference: byKey(visits, 'id') },
      },
    },
  ],
  cases: {
    'what the asked subgraph knows needs no other': {
      query: '{ visited { id visitors } }',
      expected: {
        data: {
          visited: [
            { id: 'a2', visitors: 7 },
            { id: 'a1', visitors: 5 },
          ],
        },
      },
      fetches: 1,
    },
    'the type name is the concrete one': {
      query: '{ visited { visitors __typename } }',
      expected: {
        data: {
          visited: [
            { visitors: 7, __typename: 'Dog' },
            { visitors: 5, __typename: 'Cat' },
          ],
        },
      },
      fetches: 2,
    },
    'the type name under an alias': {
      query: '{ visited { kind: __typename } }',
      expected: { data: { visited: [{ kind: 'Dog' }, { kind: 'Cat' }] } },
      fetches: 2,
    },
    'a field of the interface from the other subgraph': {
      query: '{ visited { name visitors } }',
      expected: {
        data: {
          visited: [
            { name: 'Rex', visitors: 7 },
            { name: 'Mia', visitors: 5 },
          ],
        },
      },
      fetches: 2,
    },
    'fragments on the implementations': {
      query: '{ visited { ... on Cat { lives visitors } ... on Dog { tricks } } }',
      expected: { data: { visited: [{ tricks: 3 }, { lives: 9, visitors: 5 }] } },
    },
    'a type name that is skipped needs no other': {
      query: 'query ($yes: Boolean!) { visited { __typename @skip(if: $yes) visitors } }',
      variables: { yes: true },
      expected: { data: { visited: [{ visitors: 7 }, { visitors: 5 }] } },
      fetches: 1,
    },
    'an object of which only a skipped type name is asked is empty': {
      query: 'query ($yes: Boolean!) { visited { __typename @skip(if: $yes) } }',
      variables: { yes: true },
      expected: { data: { visited: [{}, {}] } },
    },
    'an object whose concrete type cannot be learned is null where it matters': {
      query: '{ lost { visitors ... on Cat { lives } } }',
      expected: { data: { lost: null }, errors: [{ code: 'NOT_FOUND', path: ['lost'] }] },
      apollo: 'wrong',
    },
    'also where only its name is asked': {
      query: '{ lost { visitors __typename } }',
      expected: { data: { lost: null }, errors: [{ code: 'NOT_FOUND', path: ['lost'] }] },
      apollo: 'wrong',
    },
    'and is what it is where it does not': {
      query: '{ lost { visitors } }',
      expected: { data: { lost: { visitors: 1 } } },
      fetches: 1,
    },
  },
};
