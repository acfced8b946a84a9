import { buildSchema, type DocumentNode, getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { readCostDirectives } from '../../../gateway/demand/cost-directives.ts';
import { createPricing } from '../../../gateway/demand/pricing.ts';
import {
  analyseOperation,
  createAnalyse,
  type OperationAnalysis,
} from '../../../gateway/operation/analyse.ts';
import { measureOperations } from '../../../gateway/operation/measure.ts';
import { readAnalysis, writeAnalysis } from '../../../gateway/operation/written-analysis.ts';

const sdl = `
  type Query { node(id: ID!): Node  found: [Found!]!  me: Person }
  type Mutation { rename(name: String!): Person }
  interface Node { id: ID! }
  union Found = Person | Note
  type Person implements Node { id: ID!  name: String  notes(first: Int): [Note!]! }
  type Note implements Node { id: ID!  text: String  by: Person }
`;
const schema = buildSchema(sdl);
const pricing = createPricing(readCostDirectives(parse(sdl)), 10);
const source = `
  query Other { me { name } }
  query Home($wide: Boolean!) {
    node(id: "n") { id ... on Person { ...P } }
    found { ... on Node { again: id } ... on Note { by @include(if: $wide) { ...P } } }
    me { ...P  more: notes(first: 3) { text } }
  }
  fragment P on Person { name notes { id } }
`;

function analyse(document: DocumentNode, name: string): OperationAnalysis {
  const operation = getOperationAST(document, name);
  if (!operation) throw new Error(`There is no ${name}.`);
  return analyseOperation(schema, pricing, document, operation);
}

test('what is read again is the analysis, for the fields of the document that it is read for', () => {
  const document = parse(source);
  const text = writeAnalysis(document, analyse(document, 'Home'), pricing);
  const other = parse(source, { noLocation: true });
  const { operation: _, ...expected } = analyse(other, 'Home');
  const read = readAnalysis(text, schema, pricing, other);
  expect(read).toEqual({ ...expected, sizes: measureOperations(other) });
  expect(read?.fields.map(({ node }) => node)).toEqual(expected.fields.map(({ node }) => node));
  // Not merely equal: who judges a field reads its arguments off the document.
  expect(read?.fields.every(({ node }, at) => node === expected.fields[at]?.node)).toBe(true);
});

test.each([
  ['another document', '{ me { name } }'],
  ['a document that asks other fields at the same places', source.replaceAll('name', 'title')],
])('what was written of %s is not taken', (_, asked) => {
  const document = parse(source);
  const text = writeAnalysis(document, analyse(document, 'Home'), pricing);
  expect(readAnalysis(text, schema, pricing, parse(asked))).toBeUndefined();
});

test('what is no analysis is not taken', () => {
  const texts = [
    '',
    '{}',
    'null',
    '{"sizes":[],"types":[],"judges":[],"uses":[0,0],"returnedTypes":[],"price":0}',
  ];
  expect(texts.map((text) => readAnalysis(text, schema, pricing, parse(source)))).toEqual(
    texts.map(() => undefined),
  );
});

test('an operation whose analysis is known is held to the limits by the sizes that it names, each of its document', () => {
  const document = parse(source);
  const text = writeAnalysis(document, analyse(document, 'Home'), pricing);
  const limits = {
    ...{ maxDepth: 10, maxAliases: 10, maxDirectives: 10, maxSelections: 100 },
    ...{ maxRootFields: 10, maxRootAliases: 10, maxMutations: 1 },
  };
  const analyseUnder = (maxDepth: number) => createAnalyse(schema, pricing, { ...limits, maxDepth });
  expect(analyseUnder(4)(document, 'Home', text)).toEqual(analyse(document, 'Home'));
  expect(() => analyseUnder(3)(document, 'Home', text)).toThrow(
    'The operation is 4 levels deep; 3 are allowed.',
  );
});
