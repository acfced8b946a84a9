/** Manifests of registered operations for tests, as codegen writes them. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';

/** Documents by the name of the operation to register; `more` is said of each of them. */
export function toManifest(operations: Readonly<Record<string, string>>, more: object = {}) {
  return {
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: Object.entries(operations).map(([name, body]) => ({
      id: documentIdOf(body),
      body,
      name,
      type: body.trimStart().startsWith('mutation') ? 'mutation' : 'query',
      ...more,
    })),
  };
}

/** The path of a new file. */
export function writeManifest(operations: Readonly<Record<string, string>>, more: object = {}): string {
  const file = join(mkdtempSync(join(tmpdir(), 'minigate-manifest-')), 'manifest.json');
  writeFileSync(file, JSON.stringify(toManifest(operations, more)));
  return file;
}
