import { type ASTNode, type ObjectTypeDefinitionNode, parse, print, visit } from 'graphql';
import { expect, test } from 'vitest';
import { oncePerNode } from '../../../gateway/supergraph/once-per-node.ts';

const toType = (): ObjectTypeDefinitionNode =>
  parse('type Product { id: ID! title: String }').definitions[0] as ObjectTypeDefinitionNode;

function createReading() {
  const texts: string[] = [];
  const read = oncePerNode((node: ASTNode) => {
    texts.push(print(node));
    return { text: print(node) };
  });
  return { read, texts };
}

test('a node is read once, and looks as before', () => {
  const { read, texts } = createReading();
  const node = toType();

  const values = [read(node), read(node)];

  expect(values[0]).toBe(values[1]);
  expect(texts).toEqual(['type Product {\n  id: ID!\n  title: String\n}']);
  expect(node).toEqual(toType());
  expect({ ...node }).toStrictEqual({ ...toType() });
});

test('an edited copy of a node that was read is read by itself', () => {
  const { read } = createReading();
  const node = toType();
  read(node);

  const copy = visit(node, { FieldDefinition: ({ name }) => (name.value === 'title' ? null : undefined) });

  expect(read(copy).text).toBe('type Product {\n  id: ID!\n}');
  expect(read(copy)).toBe(read(copy));
  expect(read(node).text).toBe('type Product {\n  id: ID!\n  title: String\n}');
});

test('two readings of one node do not meet', () => {
  const node = toType();
  const name = oncePerNode((type: ObjectTypeDefinitionNode) => ({ name: type.name.value }));
  const fields = oncePerNode((type: ObjectTypeDefinitionNode) => ({ count: type.fields?.length }));

  expect([name(node), fields(node)]).toEqual([{ name: 'Product' }, { count: 2 }]);
});
