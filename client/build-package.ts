/** Writes what npm delivers beside the manifest: the client as one script, once more with signing, and the types. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleLibrary, bundleSigning } from './bundle.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const declare = ['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--allowImportingTsExtensions'];
const language = '--strict --target es2017 --lib es2017 --module esnext --moduleResolution bundler --types';

/** Fills `folder` and returns the scripts' text. */
export async function buildPackage(folder: string): Promise<{ library: string; signing: string }> {
  const library = await bundleLibrary();
  const signing = await bundleSigning();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), library);
  writeFileSync(join(folder, 'signing.js'), signing);
  // CommonJS, whatever the package around it says: so that Node can require it as mini-programs do.
  writeFileSync(join(folder, 'package.json'), `{ "type": "commonjs" }\n`);
  // The last empty argument belongs to `--types`: no ambient types, neither Node's nor the browser's.
  execFileSync(here('../node_modules/.bin/tsc'), [
    ...declare,
    ...['--outDir', folder, here('index.ts'), here('signing.ts')],
    ...language.split(' '),
    '',
  ]);
  return { library, signing };
}
