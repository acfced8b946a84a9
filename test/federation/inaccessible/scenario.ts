/** What is inaccessible is no part of what clients may ask, yet keys and requirements inside may use it. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const refused = { status: 400, errors: [{ code: 'GRAPHQL_VALIDATION_FAILED' }] };

const agents = [
  { badge: 'x1', alias: 'Heron', kind: 'FIELD', cover: { __typename: 'Shop', name: 'Tea' } },
  { badge: 'x2', alias: 'Crane', kind: 'GHOST', cover: { __typename: 'Cell', code: 'c7' } },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'agency',
      sdl: federation2(`
        type Query { agents: [Agent!]!  hidden: String @inaccessible  find(kind: Kind, secret: ID @inaccessible): Agent }
        type Agent @key(fields: "badge") {
          badge: ID! @inaccessible
          alias: String!
          kind: Kind
          cover: Cover
        }
        enum Kind { FIELD GHOST @inaccessible }
        union Cover = Shop | Cell
        type Shop { name: String! }
        type Cell @inaccessible { code: String! }
      `),
      resolvers: { Query: { agents: () => agents, hidden: () => 'h', find: () => agents[0] } },
    },
    {
      name: 'pay',
      sdl: federation2(`
        type Agent @key(fields: "badge") {
          badge: ID!
          alias: String! @external
          rank: Int! @inaccessible
          salary: Int! @requires(fields: "alias")
        }
      `),
      resolvers: {
        Agent: {
          __resolveReference: (agent: { badge: string }) => byKey(agents, 'badge')(agent) && agent,
          rank: () => 1,
          salary: ({ alias }: { alias: string }) => alias.length * 100,
        },
      },
    },
  ],
  cases: {
    'an inaccessible key joins': {
      query: '{ agents { salary } }',
      expected: { data: { agents: [{ salary: 500 }, { salary: 500 }] } },
      fetches: 2,
    },
    'a field cannot be asked': { query: '{ agents { badge } }', expected: refused, fetches: 0 },
    'a field cannot be asked in another subgraph': {
      query: '{ agents { rank } }',
      expected: refused,
      fetches: 0,
    },
    'a root field cannot be asked': { query: '{ hidden }', expected: refused, fetches: 0 },
    'an argument cannot be given': { query: '{ find(secret: 1) { alias } }', expected: refused, fetches: 0 },
    'an enum value cannot be given': {
      query: '{ find(kind: GHOST) { alias } }',
      expected: refused,
      fetches: 0,
    },
    'a type cannot be named': {
      query: '{ agents { cover { ... on Cell { code } } } }',
      expected: refused,
      fetches: 0,
    },
    'none of it is seen by introspection': {
      query: `{
        agent: __type(name: "Agent") { fields { name } }
        kind: __type(name: "Kind") { enumValues { name } }
        cell: __type(name: "Cell") { name }
      }`,
      expected: {
        data: {
          agent: { fields: [{ name: 'alias' }, { name: 'kind' }, { name: 'cover' }, { name: 'salary' }] },
          kind: { enumValues: [{ name: 'FIELD' }] },
          cell: null,
        },
      },
      fetches: 0,
    },
    'an inaccessible enum value in the answer becomes null, with an error': {
      query: '{ agents { kind } }',
      expected: {
        data: { agents: [{ kind: 'FIELD' }, { kind: null }] },
        errors: [{ code: 'SUBGRAPH_BAD_RESPONSE', path: ['agents', 1, 'kind'] }],
      },
      apollo: 'wrong',
    },
    'an object of an inaccessible type becomes null, with an error': {
      query: '{ agents { cover { __typename ... on Shop { name } } } }',
      expected: {
        data: { agents: [{ cover: { __typename: 'Shop', name: 'Tea' } }, { cover: null }] },
        errors: [{ code: 'SUBGRAPH_BAD_RESPONSE', path: ['agents', 1, 'cover'] }],
      },
      apollo: 'wrong',
    },
  },
};
