/** What a literal leaves out is never asked, also where a variable decides about everything around it. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

const fail = () => {
  throw new Error('It was asked.');
};

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'lamps',
      sdl: federation2(`
        type Query { lamp: Lamp }
        type Mutation { light: Int  smash: Int }
        type Lamp @key(fields: "id") { id: ID!  bright: Int  broken: Int }
      `),
      resolvers: {
        Query: { lamp: () => ({ id: 'l1', bright: 5 }) },
        Mutation: { light: () => 1, smash: fail },
        Lamp: { broken: fail },
      },
    },
    {
      name: 'shades',
      sdl: federation2('type Lamp @key(fields: "id") { id: ID!  colour: String  torn: Int }'),
      resolvers: { Lamp: { colour: () => 'red', torn: fail } },
    },
  ],
  cases: {
    'a mutation': {
      query: 'mutation ($yes: Boolean!) { ... @include(if: $yes) { light smash @skip(if: true) } }',
      variables: { yes: true },
      expected: { data: { light: 1 } },
      fetches: 1,
      apollo: 'wrong',
    },
    'fields and fragments of several subgraphs': {
      query: `query ($yes: Boolean!) {
        lamp @include(if: $yes) {
          bright
          broken @include(if: false)
          ... @skip(if: true) { torn }
          ...Torn @include(if: false)
        }
      }
      fragment Torn on Lamp { torn broken }`,
      variables: { yes: true },
      expected: { data: { lamp: { bright: 5 } } },
      fetches: 1,
      apollo: 'wrong',
    },
    'everything of an object': {
      query: 'query ($yes: Boolean!) { lamp @include(if: $yes) { ... { torn @skip(if: true) } } }',
      variables: { yes: true },
      expected: { data: { lamp: {} } },
      fetches: 1,
    },
    'everything of an operation': {
      query: '{ lamp @skip(if: true) { broken } }',
      expected: { data: {} },
      fetches: 0,
    },
    'literals that leave nothing out': {
      query:
        'query ($yes: Boolean!) { lamp @include(if: $yes) { bright @skip(if: false) colour @include(if: true) } }',
      variables: { yes: true },
      expected: { data: { lamp: { bright: 5, colour: 'red' } } },
      fetches: 2,
    },
  },
};
