/** An interface object is reached by the key of the interface, also when what is asked of it requires another field. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const accounts = [
  { __typename: 'Person', email: 'a@x', id: '1', level: 2, age: 40 },
  { __typename: 'Firm', email: 'b@x', id: '2', level: 5, staff: 12 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'accounts',
      sdl: federation2(`
        type Query { accounts: [Account!]! }
        interface Account @key(fields: "id") @key(fields: "email") { id: ID!  email: String!  level: Int! }
        type Person implements Account @key(fields: "id") @key(fields: "email") {
          id: ID!  email: String!  level: Int!  age: Int!
        }
        type Firm implements Account @key(fields: "id") @key(fields: "email") {
          id: ID!  email: String!  level: Int!  staff: Int!
        }
      `),
      resolvers: {
        Query: { accounts: () => accounts },
        Account: { __resolveReference: byKey(accounts, 'id') },
        Person: { __resolveReference: byKey(accounts, 'id') },
        Firm: { __resolveReference: byKey(accounts, 'id') },
      },
    },
    {
      name: 'mail',
      sdl: federation2(`
        type Account @key(fields: "email") @interfaceObject { email: String!  unread: Int! }
      `),
      resolvers: { Account: { unread: ({ email }: { email: string }) => (email === 'a@x' ? 3 : 0) } },
    },
    {
      name: 'offers',
      sdl: federation2(`
        type Account @key(fields: "id") @interfaceObject {
          id: ID!
          level: Int! @external
          offer: String! @requires(fields: "level")
        }
      `),
      resolvers: { Account: { offer: ({ level }: { level: number }) => `${level * 10} %` } },
    },
  ],
  cases: {
    'each interface object by its own key': {
      query: '{ accounts { unread offer } }',
      expected: {
        data: {
          accounts: [
            { unread: 3, offer: '20 %' },
            { unread: 0, offer: '50 %' },
          ],
        },
      },
      fetches: 3,
    },
    'inside fragments on the implementations': {
      query: '{ accounts { ... on Person { age offer } ... on Firm { unread staff } } }',
      expected: {
        data: {
          accounts: [
            { age: 40, offer: '20 %' },
            { unread: 0, staff: 12 },
          ],
        },
      },
    },
  },
};
