/** Writes what npm delivers beside the manifest: the client as one script, and its types. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleLibrary } from './bundle.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const declare = ['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--allowImportingTsExtensions'];
const language = '--strict --target es2017 --lib es2017 --module esnext --moduleResolution bundler --types';

/** Fills `folder` and returns the script's text. */
export async function buildPackage(folder: string): Promise<string> {
  const library = await bundleLibrary();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), library);
  // CommonJS, whatever the package around it says: so that Node can require it as mini-programs do.
  writeFileSync(join(folder, 'package.json'), `{ "type": "commonjs" }\n`);
  // The last empty argument belongs to `--types`: no ambient types, neither Node's nor the browser's.
  execFileSync(here('../node_modules/.bin/tsc'), [
    ...declare,
    ...['--outDir', folder, here('index.ts')],
    ...language.split(' '),
    '',
  ]);
  return library;
}
