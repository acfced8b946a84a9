import { buildSchema } from 'graphql';
import { expect, test } from 'vitest';
import { toDefaultQuery } from '../../../../gateway/sandbox/page/default-query.ts';

const comments = { me: 'Log in first.', other: 'Write an operation.' };

test('asks for the plain fields of `me` that need no argument and are not deprecated', () => {
  const schema = buildSchema(`
    type Query { me: User! }
    type User {
      id: ID!
      roles: [Role!]!
      name: String @deprecated
      avatar(size: Int!): String
      photo(size: Int = 64): String
      friends: [User!]!
    }
    enum Role { USER }
  `);

  expect(toDefaultQuery(schema, comments)).toBe(`# Log in first.

query Me {
  me {
    id
    roles
    photo
  }
}
`);
});

test('asks for at most six fields', () => {
  const schema = buildSchema(`
    type Query { me: User }
    type User { a: Int b: Int c: Int d: Int e: Int f: Int g: Int }
  `);

  expect(toDefaultQuery(schema, comments).match(/^ {4}\w$/gm)).toEqual(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `    ${name}`),
  );
});

test.each([
  ['a scalar', 'type Query { me: String }', '  me\n'],
  [
    'a union',
    'type Query { me: Person } union Person = A type A { a: Int }',
    '  me {\n    __typename\n  }\n',
  ],
])('asks for `me` that is %s', (_kind, sdl, selection) => {
  expect(toDefaultQuery(buildSchema(sdl), comments)).toBe(`# Log in first.\n\nquery Me {\n${selection}}\n`);
});

test.each([
  ['has no `me`', buildSchema('type Query { shop: String }')],
  ['asks `me` for an argument', buildSchema('type Query { me(id: ID!): String }')],
  ['is not told', undefined],
])('is a comment alone when the schema %s', (_reason, schema) => {
  expect(toDefaultQuery(schema, comments)).toBe('# Write an operation.\n');
});
