/** Any name may be an alias, also those that mean something elsewhere: to JavaScript, to the planner, to the join. */
import { byKey, federation2, type Scenario } from '../../support/federation-scenario.ts';

const dogs = [
  { id: 'd1', name: 'Rex', toys: [{ id: 't1' }] },
  { id: 'd2', name: 'Ace', toys: [] },
];

export const scenario: Scenario = {
  subgraphs: [
    {
      name: 'dogs',
      sdl: federation2(`
        type Query { dogs(first: Int): [Dog!]! }
        type Dog @key(fields: "id") { id: ID!  name(upper: Boolean): String!  toys: [Toy!]! }
        type Toy @key(fields: "id") { id: ID! }
      `),
      resolvers: {
        Query: { dogs: (_: unknown, { first }: { first?: number }) => dogs.slice(0, first) },
        Dog: {
          name: ({ name }: { name: string }, { upper }: { upper?: boolean }) =>
            upper ? name.toUpperCase() : name,
        },
      },
    },
    {
      name: 'vet',
      sdl: federation2(`
        type Dog @key(fields: "id") { id: ID!  weight(unit: String): String! }
        type Toy @key(fields: "id") { id: ID!  safe: Boolean! }
      `),
      resolvers: {
        Dog: { weight: ({ id }: { id: string }, { unit = 'kg' }: { unit?: string }) => `${id} ${unit}` },
        Toy: { safe: (toy: { id: string }) => byKey([{ id: 't1' }], 'id')(toy) !== undefined },
      },
    },
  ],
  cases: {
    'names of JavaScript': {
      query: `{ constructor: dogs(first: 1) {
        toString: name  hasOwnProperty: weight  valueOf: toys { prototype: safe }  async: __typename
      } }`,
      expected: {
        data: {
          constructor: [
            { toString: 'Rex', hasOwnProperty: 'd1 kg', valueOf: [{ prototype: true }], async: 'Dog' },
          ],
        },
      },
    },
    'the name of the prototype is a name like any other': {
      query: '{ __proto__: dogs(first: 1) { __proto__: toys { __proto__: safe } name } }',
      expected: {
        data: JSON.parse('{"__proto__":[{"__proto__":[{"__proto__":true}],"name":"Rex"}]}'),
      },
    },
    'names of the join': {
      query: '{ _entities: dogs { representations: weight  __typename  _service: id } }',
      expected: {
        data: {
          _entities: [
            { representations: 'd1 kg', __typename: 'Dog', _service: 'd1' },
            { representations: 'd2 kg', __typename: 'Dog', _service: 'd2' },
          ],
        },
      },
    },
    'the type name under several names': {
      query: '{ root: __typename  dogs(first: 1) { a: __typename  weight  b: __typename } __typename }',
      expected: {
        data: { root: 'Query', dogs: [{ a: 'Dog', weight: 'd1 kg', b: 'Dog' }], __typename: 'Query' },
      },
    },
    'one field with different arguments': {
      query: `{
        one: dogs(first: 1) { plain: name  loud: name(upper: true)  kg: weight  lb: weight(unit: "lb") }
        all: dogs { id  lb: weight(unit: "lb") }
      }`,
      expected: {
        data: {
          one: [{ plain: 'Rex', loud: 'REX', kg: 'd1 kg', lb: 'd1 lb' }],
          all: [
            { id: 'd1', lb: 'd1 lb' },
            { id: 'd2', lb: 'd2 lb' },
          ],
        },
      },
    },
    'one object under two names, each with its own selection': {
      query: '{ dogs(first: 1) { a: toys { id } b: toys { safe } c: toys { x: id } } }',
      expected: {
        data: { dogs: [{ a: [{ id: 't1' }], b: [{ safe: true }], c: [{ x: 't1' }] }] },
      },
      fetches: 2,
    },
  },
};
