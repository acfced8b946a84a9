/**
 * Of several keys the one that the subgraph resolves is sent, wherever it stands in the schema. Apollo's planner takes
 * the first after a requirement, also one that the subgraph says it does not resolve.
 */
import { federation2, type Scenario } from '../../support/federation-scenario.ts';

interface Part {
  id: string;
  name: string;
}

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'catalogue',
      sdl: federation2(`
        type Query { parts: [Part!]! }
        type Part @key(fields: "code { maker serial }") @key(fields: "id") { id: ID!  code: Code!  name: String! }
        type Code { maker: String!  serial: Int! }
      `),
      resolvers: {
        Query: { parts: () => [{ id: 'p1', code: { maker: 'M', serial: 1 }, name: 'Bolt' }] },
        Part: {
          __resolveReference: ({ id }: Part) => ({ id, code: { maker: 'M', serial: 1 }, name: 'Bolt' }),
        },
      },
    },
    {
      name: 'kits',
      sdl: federation2(`
        type Query { kit: Kit! }
        type Kit { parts: [Part!]! }
        type Part @key(fields: "code { maker serial }", resolvable: false) @key(fields: "id") {
          id: ID!
          code: Code! @shareable
          name: String! @external
          nameInKit: String! @requires(fields: "name")
        }
        type Code @shareable { maker: String!  serial: Int! }
      `),
      resolvers: {
        Query: { kit: () => ({ parts: [{ id: 'p1', code: { maker: 'M', serial: 1 } }] }) },
        Part: {
          // As its schema says, only the id finds a part here.
          __resolveReference: (part: Part) => (part.id ? part : null),
          nameInKit: ({ name }: Part) => `${name} in kit`,
        },
      },
    },
  ],
  cases: {
    'the resolvable key after a requirement': {
      query: '{ kit { parts { id nameInKit } } }',
      expected: { data: { kit: { parts: [{ id: 'p1', nameInKit: 'Bolt in kit' }] } } },
      apollo: 'wrong',
    },
    'the resolvable key from the other side': {
      query: '{ parts { nameInKit } }',
      expected: { data: { parts: [{ nameInKit: 'Bolt in kit' }] } },
      fetches: 2,
    },
  },
};
