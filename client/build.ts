/** Builds the client for npm and for the demo, and prints what it weighs: `node client/build.ts`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { bundleDemo, bundleLibrary } from './bundle.ts';

/** The client sits in the main package of a mini-program, which holds at most 2 MB in all. */
const maxBytes = 8 * 1024;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const declare = ['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--allowImportingTsExtensions'];
const language = '--strict --target es2017 --lib es2017 --module esnext --moduleResolution bundler --types';

const [library, demo] = await Promise.all([bundleLibrary(), bundleDemo()]);
mkdirSync(here('miniprogram_dist/'), { recursive: true });
writeFileSync(here('miniprogram_dist/index.js'), library);
// CommonJS, whatever the package around it says: so that Node can require it as mini-programs do.
writeFileSync(here('miniprogram_dist/package.json'), `{ "type": "commonjs" }\n`);
writeFileSync(here('demo/generated/minigate.js'), demo);
// The last empty argument belongs to `--types`: no ambient types, neither Node's nor the browser's.
execFileSync(here('../node_modules/.bin/tsc'), [
  ...declare,
  ...['--outDir', here('miniprogram_dist/'), here('index.ts')],
  ...language.split(' '),
  '',
]);

const bytes = Buffer.byteLength(library);
process.stdout.write(
  `client: ${bytes} bytes minified, ${gzipSync(library).length} gzipped (limit ${maxBytes})\n`,
);
if (bytes > maxBytes) {
  process.stderr.write(`The client is larger than ${maxBytes} bytes.\n`);
  process.exitCode = 1;
}
