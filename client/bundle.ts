/** Bundles the client as mini-programs load it: one CommonJS file, in ES2017. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What npm delivers: the client alone. */
export function bundleLibrary(): Promise<string> {
  return bundle({
    banner: 'Minigate client. MIT licence.',
    entry: `export * from './index.ts';`,
    minify: true,
  });
}

/** The same with signed requests, beside it: who does not sign does not carry it. */
export function bundleSigning(): Promise<string> {
  return bundle({
    banner: 'Minigate client that signs. MIT licence.',
    entry: `export * from './signing.ts';`,
    minify: true,
  });
}

/** What the demo loads: the client and the demo's operations, readable. */
export function bundleDemo(): Promise<string> {
  return bundle({
    banner: 'The Minigate client and the operations of this mini-program, built by client/build.ts.',
    entry: `export * from './index.ts'; export { createApi } from './demo/generated/operations.ts';`,
    minify: false,
  });
}

async function bundle(options: { banner: string; entry: string; minify: boolean }): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: options.entry,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'ts',
    },
    banner: { js: `/** ${options.banner} */\n'use strict';` },
    minify: options.minify,
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'neutral',
    // The developer tools send an npm package to the phone as it is, and iOS 13 knows no newer syntax.
    target: 'es2017',
    charset: 'utf8',
  });
  return outputFiles.map(({ text }) => text).join('');
}
