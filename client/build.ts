/** Builds the client for npm and for the demo, and prints what it weighs: `node client/build.ts`. */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildPackage } from './build-package.ts';
import { bundleDemo } from './bundle.ts';

/** The client sits in the main package of a mini-program, which holds at most 2 MB in all. */
const maxBytes = 8 * 1024;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const library = await buildPackage(here('miniprogram_dist/'));
writeFileSync(here('demo/generated/minigate.js'), await bundleDemo());

const bytes = Buffer.byteLength(library);
process.stdout.write(
  `client: ${bytes} bytes minified, ${gzipSync(library).length} gzipped (limit ${maxBytes})\n`,
);
if (bytes > maxBytes) {
  process.stderr.write(`The client is larger than ${maxBytes} bytes.\n`);
  process.exitCode = 1;
}
