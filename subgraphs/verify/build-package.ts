/** Compiles the package for those who install it: JavaScript and its types. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const flags =
  '--ignoreConfig --declaration --rewriteRelativeImportExtensions --strict --target es2022 --module nodenext --types node';

/** Fills `folder`. */
export function buildPackage(folder: string): void {
  execFileSync(here('../../node_modules/.bin/tsc'), [
    ...flags.split(' '),
    ...['--rootDir', here('.'), '--outDir', folder, here('index.ts')],
  ]);
}
