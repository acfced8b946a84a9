/** A progressive override (one with a label) is not rolled out: the field stays with its old owner. */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'old',
      sdl: federation2(`
        type Query { account: Account! }
        type Account @key(fields: "id") { id: ID!  balance: Int! }
      `),
      resolvers: {
        Query: { account: () => ({ id: 'a1' }) },
        Account: { balance: () => 1 },
      },
    },
    {
      name: 'new',
      sdl: federation2(`
        type Query { newest: Account! }
        type Account @key(fields: "id") { id: ID!  balance: Int! @override(from: "old", label: "percent(50)") }
      `),
      resolvers: { Query: { newest: () => ({ id: 'a2' }) }, Account: { balance: () => 2 } },
    },
  ],
  cases: {
    'from the old owner nothing else is asked': {
      query: '{ account { balance } }',
      expected: { data: { account: { balance: 1 } } },
      fetches: 1,
    },
    'from the new owner the old one is asked': {
      query: '{ newest { balance } }',
      expected: { data: { newest: { balance: 1 } } },
      fetches: 2,
    },
  },
};
