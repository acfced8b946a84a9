/** An enum that is only ever answered is the union of what the subgraphs know; one only ever sent, the intersection. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'north',
      sdl: federation2(`
        type Query { north: Wind!  northern(force: Force): String! }
        enum Wind { NORTH CALM }
        enum Force { WEAK STRONG }
      `),
      resolvers: {
        Query: { north: () => 'NORTH', northern: (_: unknown, { force }: { force?: string }) => `${force}` },
      },
    },
    {
      name: 'south',
      sdl: federation2(`
        type Query { south: [Wind!]!  southern(force: Force): String! }
        enum Wind { SOUTH CALM }
        enum Force { STRONG HURRICANE }
      `),
      resolvers: {
        Query: {
          south: () => ['SOUTH', 'CALM'],
          southern: (_: unknown, args: { force?: string }) => `${args.force}`,
        },
      },
    },
  ],
  cases: {
    'values that only one subgraph knows can be answered': {
      query: '{ north south __type(name: "Wind") { enumValues { name } } }',
      expected: {
        data: {
          north: 'NORTH',
          south: ['SOUTH', 'CALM'],
          __type: { enumValues: [{ name: 'NORTH' }, { name: 'CALM' }, { name: 'SOUTH' }] },
        },
      },
    },
    'values that all subgraphs know can be sent': {
      query: '{ northern(force: STRONG) southern(force: STRONG) }',
      expected: { data: { northern: 'STRONG', southern: 'STRONG' } },
    },
    'values that only one subgraph knows cannot be sent': {
      query: '{ northern(force: WEAK) }',
      expected: { status: 400, errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }] },
      fetches: 0,
    },
    'nor by variable': {
      query: 'query ($force: Force) { southern(force: $force) }',
      variables: { force: 'HURRICANE' },
      expected: { status: 400, errors: [{ code: 'BAD_USER_INPUT' }] },
      fetches: 0,
    },
  },
};
