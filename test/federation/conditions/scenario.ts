/** `@skip` and `@include` decide field by field, by the variables of the request: what is left out is not fetched. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const users = [
  { id: 'u1', name: 'Jo', boss: { id: 'u2' } },
  { id: 'u2', name: 'Ed', boss: null },
];
const mails = [
  { id: 'u1', mail: 'jo@x', unread: 1 },
  { id: 'u2', mail: 'ed@x', unread: 2 },
];

const oneFetch = `query ($yes: Boolean!) { me { name ... @include(if: $yes) { mail } } }`;
const whole = `query ($a: Boolean!, $b: Boolean!) {
  me @skip(if: $a) { id name @include(if: $b) mail @skip(if: $b) }
  count @include(if: $a)
}`;

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'users',
      sdl: federation2(`
        type Query { me: User!  count: Int!  owner: Firm }
        interface Human { name: String! }
        interface Owner { name: String! }
        type Firm implements Owner { name: String! }
        type User implements Human & Owner @key(fields: "id") { id: ID!  name: String!  boss: User }
      `),
      resolvers: {
        Query: { me: () => users[0], count: () => 2, owner: () => ({ name: 'Firm' }) },
        User: { boss: ({ boss }: { boss: { id: string } | null }) => boss && byKey(users, 'id')(boss) },
      },
    },
    {
      name: 'mail',
      sdl: federation2('type User @key(fields: "id") { id: ID!  mail: String!  unread: Int! }'),
      resolvers: { User: { __resolveReference: byKey(mails, 'id') } },
    },
  ],
  cases: {
    'a fetch whose condition holds is sent': {
      query: oneFetch,
      variables: { yes: true },
      expected: { data: { me: { name: 'Jo', mail: 'jo@x' } } },
      fetches: 2,
    },
    'a fetch whose condition does not hold is not': {
      query: oneFetch,
      variables: { yes: false },
      expected: { data: { me: { name: 'Jo' } } },
      fetches: 1,
    },
    'two variables, neither set': {
      query: whole,
      variables: { a: false, b: false },
      expected: { data: { me: { id: 'u1', mail: 'jo@x' } } },
      fetches: 2,
    },
    'two variables, the second set': {
      query: whole,
      variables: { a: false, b: true },
      expected: { data: { me: { id: 'u1', name: 'Jo' } } },
      fetches: 1,
    },
    'two variables, the first set': {
      query: whole,
      variables: { a: true, b: false },
      expected: { data: { count: 2 } },
      fetches: 1,
    },
    'a field that is both skipped and included needs both': {
      query: 'query ($a: Boolean!, $b: Boolean!) { me { name mail @skip(if: $a) @include(if: $b) } }',
      variables: { a: true, b: true },
      expected: { data: { me: { name: 'Jo' } } },
      fetches: 1,
    },
    'conditions in conditions, on named fragments': {
      query: `
        query ($a: Boolean!, $b: Boolean!) { me { id ...Boss @include(if: $a) } }
        fragment Boss on User { boss { name ...Mail @skip(if: $b) } }
        fragment Mail on User { mail }
      `,
      variables: { a: true, b: false },
      expected: { data: { me: { id: 'u1', boss: { name: 'Ed', mail: 'ed@x' } } } },
      fetches: 2,
    },
    'one field under different conditions is there when one of them holds': {
      query: `query ($a: Boolean!, $b: Boolean!) {
        me { mail @include(if: $a) ... @include(if: $b) { mail unread } }
      }`,
      variables: { a: false, b: true },
      expected: { data: { me: { mail: 'jo@x', unread: 2 - 1 } } },
    },
    'and stands where the first that holds stands': {
      query:
        'query ($a: Boolean!, $b: Boolean!) { me { name @include(if: $a) id name mail @skip(if: $b) mail } }',
      variables: { a: false, b: true },
      expected: { data: { me: { id: 'u1', name: 'Jo', mail: 'jo@x' } } },
    },
    'the default of a variable counts': {
      query: 'query ($mail: Boolean = false) { me { name mail @include(if: $mail) } }',
      expected: { data: { me: { name: 'Jo' } } },
      fetches: 1,
    },
    literals: {
      query: '{ me { name @skip(if: true) mail @include(if: false) id @include(if: true) } }',
      expected: { data: { me: { id: 'u1' } } },
      fetches: 1,
    },
    'nothing left to ask is an empty answer': {
      query: 'query ($no: Boolean!) { me @include(if: $no) { name } }',
      variables: { no: false },
      expected: { data: {} },
      fetches: 0,
    },
    'nothing left to ask of an object is an empty object': {
      query: 'query ($no: Boolean!) { me { mail @include(if: $no) } }',
      variables: { no: false },
      expected: { data: { me: {} } },
    },
    'nothing left to ask of an object that has a condition itself is an empty object': {
      query: 'query ($yes: Boolean!, $no: Boolean!) { me @include(if: $yes) { name @include(if: $no) } }',
      variables: { yes: true, no: false },
      expected: { data: { me: {} } },
      apollo: 'wrong',
    },
    'nothing that could be asked of an object is an empty object': {
      query: 'query ($yes: Boolean!) { me @include(if: $yes) { name @skip(if: $yes) } }',
      variables: { yes: true },
      expected: { data: { me: {} } },
      apollo: 'wrong',
    },
    'a skipped object of which nothing can be asked is left out': {
      query:
        'query ($yes: Boolean!) { owner @skip(if: $yes) { ... on Owner { ... on Human { name } } } me { id } }',
      variables: { yes: true },
      expected: { data: { me: { id: 'u1' } } },
    },
    'also alone': {
      query: 'query ($yes: Boolean!) { owner @skip(if: $yes) { ... on Owner { ... on Human { name } } } }',
      variables: { yes: true },
      expected: { data: {} },
    },
    'an object of which nothing can be asked is empty': {
      query: '{ owner { ... on Owner { ... on Human { name } } } }',
      expected: { data: { owner: {} } },
    },
  },
};
