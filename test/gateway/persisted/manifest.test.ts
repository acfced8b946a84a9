import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadManifests } from '../../../gateway/persisted/manifest.ts';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';

const [a, b] = ['query A { a }', 'mutation B { b }'].map((body) => ({ id: documentIdOf(body), body }));

function writeManifest(operations: readonly object[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'minigate-manifest-')), 'manifest.json');
  writeFileSync(path, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));
  return path;
}

test('an operation is for the client that the manifest names for it, or for any', async () => {
  const first = writeManifest([{ ...a, name: 'A', type: 'query', maxAgeSeconds: 60 }]);
  const second = writeManifest([
    { ...b, name: 'B', type: 'mutation', clientName: 'shop', note: 'passed over' },
  ]);
  expect(await loadManifests([first, second])).toEqual([
    { ...a, name: 'A', type: 'query', maxAgeSeconds: 60 },
    { ...b, name: 'B', type: 'mutation', client: 'shop' },
  ]);
});

test('the settings can say whose a file is', async () => {
  const file = writeManifest([{ ...a, name: 'A', type: 'query' }]);
  expect(await loadManifests([{ file, client: 'shop', version: '2.0.0', appId: 'wx1' }])).toEqual([
    { ...a, name: 'A', type: 'query', client: 'shop', version: '2.0.0', appIds: ['wx1'] },
  ]);
});

test('a manifest of one client is not taken for that of another', async () => {
  const file = writeManifest([{ ...a, name: 'A', type: 'query', clientName: 'till' }]);
  await expect(loadManifests([{ file, client: 'shop' }])).rejects.toThrowError(
    `${file} is set up as the manifest of the client shop, but its operation A is one of till.`,
  );
});

test("the bare hash that Apollo's tool writes is the same id", async () => {
  const file = writeManifest([
    { id: a?.id.slice('sha256:'.length), body: a?.body, name: 'A', type: 'query' },
  ]);
  expect(await loadManifests([file])).toEqual([{ ...a, name: 'A', type: 'query' }]);
});

test('an id cannot get another body: the place in the file is named', async () => {
  const first = writeManifest([{ ...a, name: 'A', type: 'query' }]);
  const second = writeManifest([{ id: a?.id, body: 'query A { a other }', name: 'A', type: 'query' }]);
  await expect(loadManifests([first, second])).rejects.toThrowError(
    `${second} is not a manifest of persisted operations. Write it anew by \`npm run codegen\`.\n` +
      '✖ the id must be sha256: and the SHA-256 of the body; a changed document is a new operation with a new id\n' +
      '  → at operations[0]',
  );
});

test('a manifest that is missing is named', async () => {
  await expect(loadManifests(['nowhere/manifest.json'])).rejects.toThrowError(
    'nowhere/manifest.json cannot be read as JSON',
  );
});
