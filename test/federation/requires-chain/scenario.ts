/**
 * What is required may itself require: the steps run one after the other, each with the result of the last. From three
 * steps on the planner asks a subgraph for a field that it knows only as external, whichever engine runs the plan.
 */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Chain {
  id: string;
  one: number;
  two: number;
  three: number;
}

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'start',
      sdl: federation2(`
        type Query { chain(id: ID!): Chain! }
        type Chain @key(fields: "id") { id: ID! }
      `),
      resolvers: { Query: { chain: (_: unknown, { id }: Chain) => ({ id }) } },
    },
    {
      name: 'odd',
      sdl: federation2(`
        type Chain @key(fields: "id") {
          id: ID!
          one: Int!
          two: Int! @external
          three: Int! @requires(fields: "two")
        }
      `),
      resolvers: { Chain: { one: ({ id }: Chain) => Number(id), three: ({ two }: Chain) => two + 100 } },
    },
    {
      name: 'even',
      sdl: federation2(`
        type Chain @key(fields: "id") {
          id: ID!
          one: Int! @external
          three: Int! @external
          two: Int! @requires(fields: "one")
          four: Int! @requires(fields: "three one")
        }
      `),
      resolvers: {
        Chain: { two: ({ one }: Chain) => one + 10, four: ({ three, one }: Chain) => three * 10 + one },
      },
    },
  ],
  cases: {
    'one requirement': {
      query: '{ chain(id: 1) { two } }',
      expected: { data: { chain: { two: 11 } } },
      fetches: 3,
    },
    'a requirement of a requirement': {
      query: '{ chain(id: 1) { three } }',
      expected: { data: { chain: { three: 111 } } },
      fetches: 4,
    },
    'three steps deep': {
      query: '{ chain(id: 2) { four } }',
      expected: { data: { chain: { four: 1_122 } } },
      fetches: 5,
      planner: 'wrong',
    },
    'all of them together': {
      query: '{ chain(id: 3) { four three two one } }',
      expected: { data: { chain: { four: 1_133, three: 113, two: 13, one: 3 } } },
      planner: 'wrong',
    },
    'two chains of one operation do not mix': {
      query: '{ x: chain(id: 1) { four } y: chain(id: 2) { three } }',
      expected: { data: { x: { four: 1_111 }, y: { three: 112 } } },
      planner: 'wrong',
    },
  },
};
