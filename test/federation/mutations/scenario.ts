/** Root fields of a mutation run one after the other, in the order of the document, also across subgraphs. */
import { GraphQLError } from 'graphql';
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

// One after the other means that each sees what the ones before it did.
const steps: string[] = [];
const step = (name: string) => () => {
  if (steps.length > 20) steps.length = 0;
  steps.push(name);
  return steps.join(' ');
};
const start = () => {
  steps.length = 0;
  return 'started';
};
const fail = () => {
  steps.push('failed');
  throw new GraphQLError('There is no such thing.', { extensions: { code: 'NOT_FOUND' } });
};

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'first',
      sdl: federation2(`
        type Query { seen: String! }
        type Mutation { start: String!  a: String  b: String  failA: String  failHard: String! }
      `),
      resolvers: {
        Query: { seen: () => steps.join(' ') },
        Mutation: { start, a: step('a'), b: step('b'), failA: fail, failHard: fail },
      },
    },
    {
      name: 'second',
      sdl: federation2('type Mutation { x: String  y: String  failX: String }'),
      resolvers: { Mutation: { x: step('x'), y: step('y'), failX: fail } },
    },
  ],
  cases: {
    'two of one subgraph are one request': {
      query: 'mutation { start b a }',
      expected: { data: { start: 'started', b: 'b', a: 'b a' } },
      fetches: 1,
    },
    'alternating subgraphs keep the order of the document': {
      query: 'mutation { start x a y again: a }',
      expected: { data: { start: 'started', x: 'x', a: 'x a', y: 'x a y', again: 'x a y a' } },
      fetches: 5,
    },
    'when the first fails the later ones still run': {
      query: 'mutation { start failA x b }',
      expected: {
        data: { start: 'started', failA: null, x: 'failed x', b: 'failed x b' },
        errors: [{ code: 'NOT_FOUND', path: ['failA'] }],
      },
      fetches: 3,
    },
    'under an alias the failure is located by the alias': {
      query: 'mutation { start x broken: failX a }',
      expected: {
        data: { start: 'started', x: 'x', broken: null, a: 'x failed a' },
        errors: [{ code: 'NOT_FOUND', path: ['broken'] }],
      },
    },
    'a failure that may not be null takes the whole answer; the later ones have run all the same': {
      query: 'mutation { start failHard x }',
      expected: { data: null, errors: [{ code: 'NOT_FOUND', path: ['failHard'] }] },
      fetches: 2,
    },
    'as the next request sees': {
      query: '{ seen }',
      expected: { data: { seen: 'failed x' } },
    },
    'skipped ones are not sent': {
      query: 'mutation ($no: Boolean!) { start a @include(if: $no) x @skip(if: $no) y }',
      variables: { no: false },
      expected: { data: { start: 'started', x: 'x', y: 'x y' } },
    },
  },
};
