/** Builds the client for npm and for the demo, and prints what it weighs: `node client/build.ts`. */
import { writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildPackage } from './build-package.ts';
import { bundleDemo } from './bundle.ts';

/** The client sits in the main package of a mini-program, which holds at most 2 MB in all. */
const maxBytes = 8 * 1024;
const maxSigningBytes = 12 * 1024;

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const { library, signing } = await buildPackage(here('miniprogram_dist/'));
writeFileSync(here('demo/generated/minigate.js'), await bundleDemo());

for (const [name, text, limit] of [
  ['client', library, maxBytes],
  ['client with signing', signing, maxSigningBytes],
] as const) {
  const bytes = Buffer.byteLength(text);
  process.stdout.write(
    `${name}: ${bytes} bytes minified, ${gzipSync(text).length} gzipped (limit ${limit})\n`,
  );
  if (bytes > limit) {
    process.stderr.write(`The ${name} is larger than ${limit} bytes.\n`);
    process.exitCode = 1;
  }
}
