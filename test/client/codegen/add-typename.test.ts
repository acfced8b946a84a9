import { buildSchema, parse, print } from 'graphql';
import { expect, it } from 'vitest';
import { addTypename } from '../../../client/codegen/add-typename.ts';

const schema = buildSchema(`
  interface Problem { message: String! }
  type Order { id: ID! problems: [Problem!]! }
  type Closed implements Problem { message: String! }
  union Outcome = Order | Closed
  type Query { order: Order, place: Outcome! }
`);

it.each([
  ['a union', '{ place { ... on Order { id } } }', '{ place { __typename ... on Order { id } } }'],
  [
    'an interface in a list, within a union',
    '{ place { ... on Order { problems { message } } } }',
    '{ place { __typename ... on Order { problems { __typename message } } } }',
  ],
  ['an object', '{ order { id } }', '{ order { id } }'],
  ['a union that has it already', '{ place { __typename } }', '{ place { __typename } }'],
  [
    'a fragment',
    'query { ...F } fragment F on Query { place { ... on Problem { message } } }',
    'query { ...F } fragment F on Query { place { __typename ... on Problem { message } } }',
  ],
])('%s', (_what, text, expected) => {
  expect(print(addTypename(parse(text), schema))).toBe(print(parse(expected)));
});
