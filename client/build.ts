/** Builds the client for npm and for the demo, and prints what it weighs: `node client/build.ts`. */
import { mkdir, writeFile } from 'node:fs/promises';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { bundleDemo, bundleLibrary } from './bundle.ts';

/** The client sits in the main package of a mini-program, which holds at most 2 MB in all. */
const maxBytes = 8 * 1024;

const [library, demo] = await Promise.all([bundleLibrary(), bundleDemo()]);
const here = (path: string) => new URL(path, import.meta.url);
await mkdir(here('miniprogram_dist/'), { recursive: true });
await writeFile(here('miniprogram_dist/index.js'), library);
await writeFile(here('demo/generated/minigate.js'), demo);

const bytes = Buffer.byteLength(library);
process.stdout.write(
  `client: ${bytes} bytes minified, ${gzipSync(library).length} gzipped (limit ${maxBytes})\n`,
);
if (bytes > maxBytes) {
  process.stderr.write(`The client is larger than ${maxBytes} bytes.\n`);
  process.exitCode = 1;
}
