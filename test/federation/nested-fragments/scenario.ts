/** Fragments in fragments, named and inline, narrow step by step; a branch that cannot match is not asked. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const notes = [
  { id: 'n1', text: 'hum' },
  { id: 'n2', text: 'la' },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'inbox',
      sdl: federation2(`
        type Query { items: [Item!]!  latest: Mail }
        union Item = Mail | Call
        interface Dated { day: Int! }
        type Mail implements Dated { day: Int!  subject: String!  note: Note }
        type Call implements Dated { day: Int!  seconds: Int!  note: Note }
        type Note @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Query: {
          latest: () => ({ day: 1, subject: 'Hi' }),
          items: () => [
            { __typename: 'Mail', day: 1, subject: 'Hi', note: { id: 'n1' } },
            { __typename: 'Call', day: 2, seconds: 30, note: { id: 'n2' } },
            { __typename: 'Call', day: 3, seconds: 5, note: null },
          ],
        },
      },
    },
    {
      name: 'notes',
      sdl: federation2('type Note @key(fields: "id") { id: ID!  text: String! }'),
      resolvers: { Note: { __resolveReference: byKey(notes, 'id') } },
    },
  ],
  cases: {
    'a concrete type in an interface in a union': {
      query: `
        { items { ...Any } }
        fragment Any on Item { __typename ...When ... on Call { seconds } }
        fragment When on Dated { day ... on Mail { subject ...Noted } }
        fragment Noted on Mail { note { ...Text } }
        fragment Text on Note { text }
      `,
      expected: {
        data: {
          items: [
            { __typename: 'Mail', day: 1, subject: 'Hi', note: { text: 'hum' } },
            { __typename: 'Call', day: 2, seconds: 30 },
            { __typename: 'Call', day: 3, seconds: 5 },
          ],
        },
      },
      fetches: 2,
    },
    'branches that meet in one field are merged': {
      query: `{
        items {
          ... on Dated { ... on Call { note { id } } }
          ... on Call { seconds note { text } }
          ... on Mail { note { id text } }
        }
      }`,
      expected: {
        data: {
          items: [
            { note: { id: 'n1', text: 'hum' } },
            { note: { id: 'n2', text: 'la' }, seconds: 30 },
            { note: null, seconds: 5 },
          ],
        },
      },
    },
    'a branch that contradicts itself is empty': {
      query: '{ items { ... on Mail { ... on Dated { ... on Call { seconds } } } } }',
      expected: { data: { items: [{}, {}, {}] } },
      fetches: 1,
    },
    'an object of which only such a branch is asked is there all the same': {
      query: 'query ($no: Boolean!) { latest @skip(if: $no) { ... on Dated { ... on Call { seconds } } } }',
      variables: { no: false },
      expected: { data: { latest: {} } },
      fetches: 1,
      apollo: 'wrong',
    },
  },
};
