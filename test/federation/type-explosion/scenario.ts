/** An interface field that the asked subgraph cannot answer for all implementations is asked for each of them apart. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const names = [
  { id: '1', label: 'one' },
  { id: '2', label: 'two' },
  { id: '3', label: 'three' },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'shapes',
      sdl: federation2(`
        type Query { shapes: [Shape!]! }
        interface Shape { id: ID! }
        type Circle implements Shape @key(fields: "id") { id: ID! }
        type Square implements Shape @key(fields: "id") { id: ID!  label: String! @shareable }
        type Line implements Shape @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Query: {
          shapes: () => [
            { __typename: 'Line', id: '1' },
            { __typename: 'Square', id: '2', label: 'two' },
            { __typename: 'Circle', id: '3' },
          ],
        },
      },
    },
    {
      name: 'labels',
      sdl: federation2(`
        interface Shape { id: ID!  label: String! }
        type Circle implements Shape @key(fields: "id") { id: ID!  label: String! }
        type Square implements Shape @key(fields: "id") { id: ID!  label: String! @shareable }
        type Line implements Shape @key(fields: "id") { id: ID!  label: String! }
      `),
      resolvers: {
        Circle: { __resolveReference: byKey(names, 'id') },
        Square: { __resolveReference: byKey(names, 'id') },
        Line: { __resolveReference: byKey(names, 'id') },
      },
    },
  ],
  cases: {
    'the field of the interface': {
      query: '{ shapes { label } }',
      expected: { data: { shapes: [{ label: 'one' }, { label: 'two' }, { label: 'three' }] } },
    },
    'under an alias, beside a fragment that asks it again': {
      query: '{ shapes { called: label ... on Circle { label } } }',
      expected: {
        data: { shapes: [{ called: 'one' }, { called: 'two' }, { called: 'three', label: 'three' }] },
      },
    },
    'with the type name': {
      query: '{ shapes { label __typename id } }',
      expected: {
        data: {
          shapes: [
            { label: 'one', __typename: 'Line', id: '1' },
            { label: 'two', __typename: 'Square', id: '2' },
            { label: 'three', __typename: 'Circle', id: '3' },
          ],
        },
      },
    },
  },
};
