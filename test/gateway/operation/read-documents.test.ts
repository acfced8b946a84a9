import { Kind, type NameNode } from 'graphql';
import { expect, test } from 'vitest';
import { createReadDocuments } from '../../../gateway/operation/read-documents.ts';
import { oncePerNode } from '../../../gateway/supergraph/once-per-node.ts';

const limits = {
  ...{ maxDocumentBytes: 1_000, maxNesting: 10, maxTokens: 100, maxRepeats: 5, maxSelections: 50 },
  ...{ maxDepth: 3, maxAliases: 5, maxDirectives: 5, maxRootFields: 5, maxRootAliases: 5, maxMutations: 5 },
};
const source = '{ a { b } }';

test('a document that the generation before had read is taken over, also by the one after the next', () => {
  const readDocuments = createReadDocuments();
  const first = readDocuments(limits)(source);
  expect(readDocuments({ ...limits })(source)).toBe(first);
  expect(readDocuments(limits)(source)).toBe(first);
});

test('one that a generation did not read is read anew by the next', () => {
  const readDocuments = createReadDocuments();
  const first = readDocuments(limits)(source);
  readDocuments(limits);
  expect(readDocuments(limits)(source)).not.toBe(first);
});

test.each([
  ['maxDepth', 1, '2 levels deep; 1 are allowed'],
  ['maxTokens', 3, 'Syntax Error: Document contains more that 3 tokens'],
  ['maxDocumentBytes', 5, 'A document may have at most 5 bytes'],
])('under another %s every document is judged anew', (name, value, message) => {
  const readDocuments = createReadDocuments();
  readDocuments(limits)(source);
  expect(() => readDocuments({ ...limits, [name]: value })(source)).toThrow(message);
});

test('what is refused is refused each time', () => {
  const readDocument = createReadDocuments()({ ...limits, maxDepth: 1 });
  for (let times = 0; times < 2; times += 1) expect(() => readDocument(source)).toThrow('2 levels deep');
});

test('what was read from a node is read once', () => {
  const read: string[] = [];
  const lengthOf = oncePerNode(({ value }: NameNode) => ({ length: read.push(value) }));
  const one: NameNode = { kind: Kind.NAME, value: 'a' };
  const other: NameNode = { kind: Kind.NAME, value: 'a' };
  expect(lengthOf(one)).toBe(lengthOf(one));
  expect(lengthOf(other)).toEqual({ length: 2 });
});
