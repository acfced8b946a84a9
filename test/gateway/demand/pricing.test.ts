import { buildSchema, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { readCostDirectives } from '../../../gateway/demand/cost-directives.ts';
import { toCostOf } from './cost-of.ts';

const linked = `
  schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"]) {
    query: Query
    mutation: Mutation
  }
  directive @link(url: String!, import: [String]) repeatable on SCHEMA
  directive @cost(weight: Int!) on FIELD_DEFINITION | ARGUMENT_DEFINITION | OBJECT | SCALAR | ENUM | INPUT_FIELD_DEFINITION
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`;
const sdl = `${linked}
  type Query {
    product: Product
    products(first: Int = 5, last: Int): [Product!]! @listSize(slicingArguments: ["first", "last"], requireOneSlicingArgument: false)
    page(first: Int!): Connection! @listSize(slicingArguments: ["first"], sizedFields: ["edges", "nodes"])
    top: [Product!]! @listSize(assumedSize: 3)
    unsized: [Product!]!
    search(filter: Filter, text: String @cost(weight: 4)): [Product!]! @listSize(slicingArguments: ["filter.page.first"])
    dear: Int @cost(weight: 7)
    cheap: Int @cost(weight: -7)
    results(first: Int): Results! @listSize(slicingArguments: ["first"], sizedFields: ["results { page }"], requireOneSlicingArgument: false)
    tagged(tags: [String!]!): [Product!]! @listSize(slicingArguments: ["tags"])
    node: Node
  }
  type Mutation { buy: Product }
  interface Node { id: ID! }
  type Product implements Node { id: ID!  name: String  related: [Product!]!  maker: Maker }
  type Maker @cost(weight: 3) { id: ID! }
  type Connection { edges: [Edge!]!  nodes: [Product!]!  total: Int }
  type Results { results: ResultPage }
  type ResultPage { page: [Product!]!  other: [Product!]! }
  type Edge { node: Product! }
  input Filter { page: Page  tags: [String!] }
  input Page { first: Int }
`;
const schema = buildSchema(sdl);
const costOf = toCostOf({ schema, directives: readCostDirectives(parse(sdl)), defaultListSize: 10 });

describe('an operation costs', () => {
  test.each([
    ['1 for an object and nothing for its scalars', '{ product { id name } }', 1],
    ['what @cost says of a field', '{ dear }', 7],
    ['what @cost says of a type', '{ product { maker { id } } }', 4],
    ['10 more when it is a mutation', 'mutation { buy { id } }', 11],
    ['its slicing argument per item', '{ products(first: 20) { id } }', 20],
    ['the default of the slicing argument', '{ products { id } }', 5],
    ['the larger of two slicing arguments', '{ products(first: 1, last: 100) { id } }', 100],
    ['the assumed size', '{ top { id } }', 3],
    ['the default list size for a list that nothing sizes', '{ unsized { related { id } } }', 110],
    [
      'the pushed size in edges and nodes, once for the connection',
      '{ page(first: 4) { edges { node { id } } nodes { id } } }',
      13,
    ],
    [
      'input objects 1 each, and weighted arguments',
      '{ search(filter: { page: { first: 2 } }, text: "x") { id } }',
      8,
    ],
    [
      'the pushed size at the end of a path, and only there',
      '{ results(first: 4) { results { page { id } other { id } } } }',
      16,
    ],
    ['the default list size where a path is given no size', '{ results { results { page { id } } } }', 12],
    ['the length of a list that slices', '{ tagged(tags: ["a", "b", "c"]) { id } }', 3],
    ['nothing less for a negative weight', '{ dear cheap }', 7],
    ['nothing for what is skipped', '{ products(first: 50) @skip(if: true) { id } top { id } }', 3],
    [
      'fragments where they are spread',
      '{ product { ...A ...A } } fragment A on Product { maker { id } }',
      7,
    ],
  ])('%s', (_title, query, cost) => {
    expect(costOf(query)).toBe(cost);
  });

  test('what its variables ask for, not what the document shows', () => {
    const query =
      'query ($n: Int = 100, $yes: Boolean!) { products(first: $n) { id } top @include(if: $yes) { id } }';
    expect([
      costOf(query, { yes: false }),
      costOf(query, { n: 7, yes: false }),
      costOf(query, { n: 7, yes: true }),
    ]).toEqual([100, 7, 10]);
  });

  test('the default of an argument whose variable is not given', () => {
    const query = 'query ($n: Int) { products(first: $n) { id } }';
    expect([costOf(query), costOf(query, { n: 2 })]).toEqual([5, 2]);
  });

  test('variables inside lists and input objects', () => {
    const query = `query ($n: Int, $tag: String!) {
      search(filter: { page: { first: $n }, tags: [$tag] }) { id }
      tagged(tags: ["a", $tag]) { id }
    }`;
    expect(costOf(query, { n: 30, tag: 'x' })).toBe(30 + 2 + 2);
  });
});

test('a negative page size is refused rather than counted against another', () => {
  expect(() => costOf('{ products(first: -5) { id } }')).toThrowError(
    expect.objectContaining({
      code: 'BAD_USER_INPUT',
      message: 'The argument first of Query.products must not be negative.',
    }),
  );
});

test('a list that is skipped asks for nothing, not even a size that holds', () => {
  expect(costOf('{ products(first: -5) @skip(if: true) { id } }')).toBe(0);
  const query = 'query ($n: Int, $on: Boolean!) { products(first: $n) @include(if: $on) { id } }';
  expect(costOf(query, { n: -5, on: false })).toBe(0);
});

test('a list that must be sliced says so when it is not', () => {
  expect(() => costOf('{ search { id } }')).toThrowError(
    expect.objectContaining({
      code: 'BAD_USER_INPUT',
      message: 'Query.search takes exactly one of the arguments filter.page.first; 0 were given.',
    }),
  );
});

test('C-01 fragments that double forty times are priced in one pass, and the price saturates', () => {
  const levels = Array.from(
    { length: 60 },
    (_, i) =>
      `fragment F${i} on Product { a: related @skip(if: $no) { ...F${i + 1} } b: related { ...F${i + 1} } }`,
  );
  const query = `query ($no: Boolean!) { product { ...F0 } } ${levels.join(' ')} fragment F60 on Product { id }`;
  const startedAt = performance.now();
  expect(costOf(query, { no: false })).toBe(Number.MAX_SAFE_INTEGER);
  expect(performance.now() - startedAt).toBeLessThan(100);
});
