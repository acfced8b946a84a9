import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentIdOf, loadSafelist } from '../../../gateway/persisted/safelist.ts';

const body = 'query A { a }';

function writeManifest(operations: readonly object[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'minigate-manifest-')), 'manifest.json');
  writeFileSync(path, JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations }));
  return path;
}

test('operations of several manifests are found by the SHA-256 of their body', async () => {
  const [a, b] = ['query A { a }', 'mutation B { b }'].map((text) => ({
    id: documentIdOf(text),
    body: text,
  }));
  const first = writeManifest([{ ...a, name: 'A', type: 'query' }]);
  const second = writeManifest([{ ...b, name: 'B', type: 'mutation', clientName: 'shop' }]);
  expect([...(await loadSafelist([first, second])).values()]).toEqual([
    { ...a, name: 'A', type: 'query' },
    { ...b, name: 'B', type: 'mutation' },
  ]);
});

test('an id that is not the hash of its body is refused with the place in the file', async () => {
  const path = writeManifest([{ id: documentIdOf('query Other { o }'), body, name: 'A', type: 'query' }]);
  await expect(loadSafelist([path])).rejects.toThrowError(
    'the id must be sha256: and the SHA-256 of the body\n  → at operations[0]',
  );
});

test('a manifest that is missing is named', async () => {
  await expect(loadSafelist(['nowhere/manifest.json'])).rejects.toThrowError(
    'nowhere/manifest.json cannot be read as JSON',
  );
});
