import { readFileSync } from 'node:fs';
import {
  buildASTSchema,
  GraphQLObjectType,
  getIntrospectionQuery,
  graphqlSync,
  lexicographicSortSchema,
  parse,
  printSchema,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { buildSchemaOnDemand } from '../../gateway/build-schema.ts';

const kinds = `
  directive @at(zone: Zone, depth: Float) on FIELD
  schema { query: Root mutation: Changes }
  interface Node { id: ID! }
  interface Named implements Node { id: ID! name(style: Style = { width: 1.5 }): String }
  type Person implements Node & Named { id: ID! name(style: Style): String born: Day }
  type Root { node(id: ID!): Node any: [Any!]! zone: Zone }
  type Changes { rename(style: [Style!]!): Person @deprecated(reason: "old") }
  union Any = Person | Root
  enum Zone { EAST WEST }
  scalar Day
  input Style { width: Float = 2.5, within: Style }
`;
const shop = readFileSync('client/demo/schema.graphql', 'utf8');

test.each([
  ['every kind of type', kinds],
  ['none of the scalars that are built in', 'type Query { whoami: String }'],
  ['the shop', shop],
])('a schema with %s is what it is when built at once', (_, sdl) => {
  const document = parse(sdl, { noLocation: true });
  const seen = (schema: ReturnType<typeof buildASTSchema>) => ({
    sdl: printSchema(lexicographicSortSchema(schema)),
    introspection: graphqlSync({ schema: lexicographicSortSchema(schema), source: getIntrospectionQuery() }),
  });
  expect(seen(buildSchemaOnDemand(document))).toEqual(seen(buildASTSchema(document)));
});

test.each([
  '{ node(id: "1") { ... on Named { name(style: { width: 1 }) } } }',
  'query ($id: ID!, $depth: Float) { node(id: $id) { id @at(depth: $depth) } }',
  'query ($id: Int!) { node(id: $id) { id } }',
  '{ __schema { types { ...T } } } fragment T on __Type { name }',
  '{ any { ... on Day { x } ... on Person { born { x } } } }',
  'mutation { rename(style: { widht: 1 }) { id } }',
])('%s is judged as by a schema built at once', (source) => {
  const document = parse(kinds, { noLocation: true });
  const judge = (schema: ReturnType<typeof buildASTSchema>) =>
    validate(schema, parse(source)).map(({ message }) => message);
  expect(judge(buildSchemaOnDemand(document))).toEqual(judge(buildASTSchema(document)));
});

test('a type makes its fields when it is first asked for them, and once', () => {
  const schema = buildSchemaOnDemand(parse(kinds, { noLocation: true }));
  const person = schema.getType('Person') as GraphQLObjectType;
  expect(Reflect.get(person, '_fields')).toBeTypeOf('function');
  expect(Object.keys(person.getFields())).toEqual(['id', 'name', 'born']);
  expect(person.getFields()).toBe(person.getFields());
});

test('a document that cannot be built leaves other schemas as they are', () => {
  const { getFields } = GraphQLObjectType.prototype;
  expect(() => buildSchemaOnDemand(parse('type Query { a: Int } union U = Nobody'))).toThrow('Unknown type');
  expect(GraphQLObjectType.prototype.getFields).toBe(getFields);
});
