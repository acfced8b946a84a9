import { parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { hideFields } from '../../../gateway/access/hide-fields.ts';

const schema = parse(`
  directive @tagged(by: Team) on FIELD_DEFINITION
  type Query { node: Node  found: [Found!]  user(by: Filter): User  secret: Secret }
  type Mutation { wipe(level: Level): Boolean }
  interface Node { id: ID!  audit: String }
  interface Named { name: Name }
  type User implements Node & Named { id: ID!  audit: String  name: Name  friend: Friend }
  type Secret implements Node { id: ID!  audit: String  code: Code }
  type Friend { since: Int }
  union Found = User | Secret
  input Filter { id: ID  sort: Sort }
  enum Sort { UP DOWN }
  enum Level { LOW }
  enum Team { BLUE }
  scalar Name
  scalar Code
`);

function hiding(...coordinates: string[]): string {
  const isShown = (typeName: string, fieldName: string): boolean =>
    !coordinates.includes(`${typeName}.${fieldName}`) && !coordinates.includes(typeName);
  return print(hideFields(schema, new Set(['Query', 'Mutation']), isShown));
}

test('nothing goes where nothing is hidden', () => {
  expect(hiding()).toBe(print(schema));
});

test('a type goes with its fields, then what returns it, joins it, or was used by it alone', () => {
  expect(hiding('Secret', 'Friend', 'Mutation')).toBe(
    print(
      parse(`
        directive @tagged(by: Team) on FIELD_DEFINITION
        type Query { node: Node  found: [Found!]  user(by: Filter): User }
        type Mutation
        interface Node { id: ID!  audit: String }
        interface Named { name: Name }
        type User implements Node & Named { id: ID!  audit: String  name: Name }
        union Found = User
        input Filter { id: ID  sort: Sort }
        enum Sort { UP DOWN }
        enum Team { BLUE }
        scalar Name
      `),
    ),
  );
});

test('an implementation that hides a field of its interface does not show the interface', () => {
  const shown = hiding('User.audit', 'User.friend');
  expect(shown).toContain('type User implements Named {\n  id: ID!\n  name: Name\n}');
  expect(shown).toContain('interface Node {\n  id: ID!\n  audit: String\n}');
});

test('a union goes with the last of its members, and the field that returns it', () => {
  const shown = hiding('Secret', 'User');
  expect(shown).not.toMatch(/Found|Filter|Named/);
  expect(shown).toContain('type Query {\n  node: Node\n}');
});
