/** Interfaces that implement interfaces, in subgraphs that know different ones of them. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const files = [
  { id: 'f1', name: 'a.txt', bytes: 3 },
  { id: 'f2', name: 'b.png', bytes: 9 },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'disk',
      sdl: federation2(`
        type Query { nodes: [Node!]!  entries: [Entry!]! }
        interface Node { id: ID! }
        interface Entry implements Node { id: ID!  name: String! }
        type Text implements Entry & Node @key(fields: "id") { id: ID!  name: String! }
        type Image implements Entry & Node @key(fields: "id") { id: ID!  name: String! }
        type Disk implements Node { id: ID! }
      `),
      resolvers: {
        Query: {
          nodes: () => [
            { __typename: 'Disk', id: 'd' },
            { __typename: 'Image', ...files[1] },
          ],
          entries: () => [
            { __typename: 'Text', ...files[0] },
            { __typename: 'Image', ...files[1] },
          ],
        },
      },
    },
    {
      name: 'quota',
      sdl: federation2(`
        interface Node { id: ID! }
        interface Sized implements Node { id: ID!  bytes: Int! }
        type Text implements Sized & Node @key(fields: "id") { id: ID!  bytes: Int! }
        type Image implements Sized & Node @key(fields: "id") { id: ID!  bytes: Int! }
      `),
      resolvers: {
        Text: { __resolveReference: byKey(files, 'id') },
        Image: { __resolveReference: byKey(files, 'id') },
      },
    },
  ],
  cases: {
    'the narrower interface within the wider': {
      query: '{ nodes { id ... on Entry { name } } }',
      expected: { data: { nodes: [{ id: 'd' }, { id: 'f2', name: 'b.png' }] } },
      fetches: 1,
    },
    'the wider interface within the narrower': {
      query: '{ entries { ... on Node { id ... on Entry { name } } } }',
      expected: {
        data: {
          entries: [
            { id: 'f1', name: 'a.txt' },
            { id: 'f2', name: 'b.png' },
          ],
        },
      },
      fetches: 1,
    },
    'an interface that the asked subgraph does not know': {
      query:
        '{ nodes { __typename ... on Sized { bytes } } entries { ... on Sized { bytes ... on Text { name } } } }',
      expected: {
        data: {
          nodes: [{ __typename: 'Disk' }, { __typename: 'Image', bytes: 9 }],
          entries: [{ bytes: 3, name: 'a.txt' }, { bytes: 9 }],
        },
      },
    },
  },
};
