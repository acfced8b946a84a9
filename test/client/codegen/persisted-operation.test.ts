import { createHash } from 'node:crypto';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { toManifest } from '../../../client/codegen/manifest.ts';
import { toPersistedOperations } from '../../../client/codegen/persisted-operation.ts';

const bodies = (...files: string[]) =>
  toPersistedOperations(files.map((file) => parse(file))).map(({ body }) => body);

it('an operation becomes its printed text, the hash of that text, and its name', () => {
  const body = 'query Price($id: ID!) {\n  product(id: $id) {\n    priceFen\n  }\n}';

  expect(
    toPersistedOperations([parse('# comment\nquery Price($id:ID!){product(id:$id){priceFen}}')]),
  ).toEqual([
    {
      id: `sha256:${createHash('sha256').update(body).digest('hex')}`,
      name: 'Price',
      type: 'query',
      body,
      definition: expect.anything(),
    },
  ]);
});

it('a body ends with the fragments that it uses, by name, and no others', () => {
  const fragments = `
    fragment Zebra on Product { title ...Apple }
    fragment Apple on Product { priceFen }
    fragment Unused on Product { description }`;

  expect(bodies(fragments, 'query Q { product { ...Zebra ...Apple } }')).toEqual([
    [
      'query Q {\n  product {\n    ...Zebra\n    ...Apple\n  }\n}',
      'fragment Apple on Product {\n  priceFen\n}',
      'fragment Zebra on Product {\n  title\n  ...Apple\n}',
    ].join('\n\n'),
  ]);
});

it('the order of files and of operations in them changes nothing', () => {
  const [a, b, c] = ['query A { ...F }', 'mutation B { b }', 'fragment F on Query { me { id } }'] as const;

  expect(
    toPersistedOperations([parse(`${b}\n${c}\n${a}`)]).map(({ id, name, type }) => ({ id, name, type })),
  ).toEqual(
    toPersistedOperations([a, b, c].map((text) => parse(text))).map(({ id, name, type }) => ({
      id,
      name,
      type,
    })),
  );
});

it.each([
  ['{ me { id } }', 'A query has no name; its function is named after it.'],
  ['subscription News { news }', 'News is a subscription; the client runs queries and mutations.'],
  ['query Q { ...Missing }', 'There is no fragment Missing.'],
])('%s is refused', (text, message) => {
  expect(() => bodies(text)).toThrow(message);
});

it('the manifest is Apollo format 1, each operation with the name of the client', () => {
  const operations = toPersistedOperations([parse('query Me { me { id } }')]);

  expect(JSON.parse(toManifest(operations, 'shop'))).toEqual({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      {
        id: operations[0]?.id,
        body: 'query Me {\n  me {\n    id\n  }\n}',
        name: 'Me',
        type: 'query',
        clientName: 'shop',
      },
    ],
  });
});
