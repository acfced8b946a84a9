import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createCountCost } from '../../../gateway/demand/actual-cost.ts';
import { readCostDirectives } from '../../../gateway/demand/cost-directives.ts';

const sdl = `
  schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/cost/v0.1") {
    query: Query
    mutation: Mutation
  }
  directive @link(url: String!, import: [String]) repeatable on SCHEMA
  directive @cost(weight: Int!) on FIELD_DEFINITION | ARGUMENT_DEFINITION | OBJECT | SCALAR | ENUM | INPUT_FIELD_DEFINITION
  type Query {
    product: Product
    products: [Product]
    grid: [[Product]]
    dear: Int @cost(weight: 7)
    dears: [Int] @cost(weight: 2)
    heavy: Product @cost(weight: 5)
    node: Node
    found: [Found]
    search(filter: Filter, text: String @cost(weight: 4)): [Product]
    hash: Hash
  }
  type Mutation { buy: Product }
  interface Node { id: ID! }
  union Found = Product | Maker
  type Product implements Node { id: ID!  name: String  maker: Maker  parts: [Product]  quote(of: Filter): Int }
  type Maker implements Node @cost(weight: 3) { id: ID!  name: Int @cost(weight: 20)  parts: Maker }
  scalar Hash @cost(weight: 6)
  input Filter { text: String @cost(weight: 2)  tags: [Tag] }
  input Tag { name: String }
`;
const schema = buildSchema(sdl);
const { weights } = readCostDirectives(parse(sdl));
const countCost = createCountCost({ schema, weights });

function costOf(
  query: string,
  data: Record<string, unknown> | null,
  variables: Record<string, unknown> = {},
) {
  const document = parse(query);
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('there is no operation');
  return countCost(document, operation, variables, data);
}

const product = { id: '1', name: 'a' };

describe('an answer costs', () => {
  test.each([
    ['1 for an object and nothing for its scalars', '{product{id name}}', { product }, 1],
    ['nothing for null', '{product{id} products{id}}', { product: null, products: null }, 0],
    ['nothing when there is no data', '{product{id}}', null, 0],
    ['1 for each item that came', '{products{id}}', { products: [product, product, null] }, 2],
    ['each item of lists of lists', '{grid{id}}', { grid: [[product, null], null, [], [product]] }, 2],
    ['what @cost says of a field, null or not', '{dear a:dear}', { dear: 1, a: null }, 14],
    ['what @cost says of a field for each item', '{dears}', { dears: [1, 2, 3] }, 6],
    ['what @cost says of a field for an object', '{heavy{id}}', { heavy: product }, 5],
    ['what @cost says of a scalar type', '{hash}', { hash: 'x' }, 6],
    ['what @cost says of an object type', '{product{maker{id}}}', { product: { maker: { id: 1 } } }, 4],
    [
      'every level below',
      '{products{parts{parts{id}}}}',
      { products: [{ parts: [{ parts: [{}, {}] }, { parts: null }] }, { parts: [] }] },
      6,
    ],
    ['10 more when it is a mutation', 'mutation{buy{id}}', { buy: product }, 11],
    ['10 for a mutation that failed', 'mutation{buy{id}}', null, 10],
    ['each alias', '{a:product{id} b:product{id}}', { a: product, b: product }, 2],
    [
      'a field once that two fragments ask',
      '{product{...A ...A ...B}} fragment A on Product{maker{id}} fragment B on Product{maker{name}}',
      { product: { maker: { id: 1, name: 5 } } },
      24,
    ],
    [
      'nothing for what was skipped or not included',
      'query($no:Boolean!){product{id} heavy @include(if:$no){id} dear @skip(if:true)}',
      { product },
      1,
    ],
  ] as const)('%s', (_title, query, data, cost) => {
    expect(costOf(query, data)).toBe(cost);
  });
});

describe('where an abstract type stands', () => {
  const query = '{found{__typename ...on Product{id label:name} ...on Maker{id label:name}}}';

  test('each object costs what its own type does', () => {
    const found = [
      { __typename: 'Product', id: 1, label: 'a' },
      { __typename: 'Maker', id: 2, label: 5 },
    ];
    expect(costOf(query, { found })).toBe(1 + (3 + 20));
  });

  test('an object whose type the answer does not tell costs 1, and of fields under one name the dearest', () => {
    expect(costOf(query.replace('__typename', ''), { found: [{ id: 1, label: 'a' }] })).toBe(1 + 20);
  });

  test('a field under the alias __typename says nothing about the type', () => {
    const named = '{node{__typename:id ...on Maker{name}}}';
    expect(costOf(named, { node: { __typename: 'Product', name: 5 } })).toBe(1 + 20);
  });

  test('a name that is no type of it says nothing either', () => {
    expect(costOf(query, { found: [{ __typename: 'Query', label: 5 }] })).toBe(1 + 20);
  });

  test('fields under one name that return different types are each counted', () => {
    const parts = '{found{...on Product{parts{id}} ...on Maker{x:parts{id}}}}';
    expect(costOf(parts, { found: [{ parts: [{}, {}] }, { x: {} }] })).toBe(1 + 2 + 1 + 3);
  });
});

describe('arguments cost', () => {
  test('once however many items came, and follow the variables', () => {
    const query = 'query($f:Filter){search(filter:$f,text:"x"){id}}';
    const items = { search: [product, product] };
    const filter = { text: 'y', tags: [{ name: 'a' }, { name: 'b' }] };
    expect([costOf(query, items), costOf(query, items, { f: filter })]).toEqual([2 + 4, 2 + 4 + 1 + 2 + 2]);
  });

  test('again for each object whose field takes them', () => {
    const query = '{products{quote(of:{text:"x"})}}';
    expect(costOf(query, { products: [{ quote: 1 }, { quote: null }] })).toBe(2 + 2 * 3);
  });

  test('nothing where the field was not asked', () => {
    expect(costOf('{products{quote(of:{text:"x"})}}', { products: [null] })).toBe(0);
  });
});

test.each([
  ['beside each other', (next: string) => `...${next} ...on Product { ...${next} }`],
  ['below each other', (next: string) => `a: parts { ...${next} } b: parts { ...${next} }`],
])('C-01 fragments that double forty times %s are worked out in one pass', (_title, selections) => {
  const levels = Array.from(
    { length: 40 },
    (_, i) => `fragment F${i} on Product { ${selections(`F${i + 1}`)} }`,
  );
  const query = `{ product { ...F0 } } ${levels.join(' ')} fragment F40 on Product { a: parts { id } }`;
  expect(costOf(query, { product: { a: [{}] } })).toBe(2);
});
