import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { generate } from '@graphql-codegen/cli';
import { expect, it } from 'vitest';
import { bundleDemo } from '../../client/bundle.ts';
import codegenConfig from '../../codegen.ts';
import { composeSubgraphs } from '../../registry/compose.ts';
import { loadSubgraphs } from '../../registry/load-subgraphs.ts';

const folder = 'client/demo/generated/';
const committed = (name: string) => readFile(folder + name, 'utf8');

it('the schema that operations are checked against is what the subgraphs compose to', async () => {
  const { apiSchemaSdl } = composeSubgraphs(await loadSubgraphs('subgraphs/supergraph.yaml'));

  expect(await readFile('client/demo/schema.graphql', 'utf8')).toBe(`${apiSchemaSdl}\n`);
});

it('the committed operations and manifest are what codegen writes', async () => {
  const generates = { [folder]: codegenConfig.generates[folder] ?? [] };
  const files = await generate({ ...codegenConfig, generates, silent: true }, false);

  expect(files.map(({ filename }: { filename: string }) => filename)).toEqual([
    `${folder}operations.ts`,
    `${folder}manifest.json`,
  ]);
  expect(files.map(({ content }: { content: string }) => content)).toEqual([
    await committed('operations.ts'),
    await committed('manifest.json'),
  ]);
});

it('the committed bundle is what the build writes', async () => {
  expect(await bundleDemo()).toBe(await committed('minigate.js'));
});

it('each id in the manifest is the hash of its body', async () => {
  const { operations } = JSON.parse(await committed('manifest.json')) as {
    operations: { id: string; body: string; name: string }[];
  };

  expect(operations.map(({ name }) => name)).toEqual([
    'CancelOrder',
    'CreateOrder',
    'HomePage',
    'Me',
    'MyOrders',
    'OrderDetail',
    'ProductPage',
    'SearchProducts',
  ]);
  expect(operations.map(({ id }) => id)).toEqual(
    operations.map(({ body }) => `sha256:${createHash('sha256').update(body).digest('hex')}`),
  );
});
