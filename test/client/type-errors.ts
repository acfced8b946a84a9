/** Asks the compiler what is wrong with a program. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const flags = '--ignoreConfig --noEmit --strict --skipLibCheck --target es2017 --lib es2017';
const modules = '--module esnext --moduleResolution bundler --allowImportingTsExtensions';

/**
 * The codes of the compiler's errors in a program of its own, since WeChat's typings and Node's declare the same
 * names. Packages are looked for in `parent`, by default none.
 */
export async function typeErrors(source: string, parent = tmpdir()): Promise<string[]> {
  const folder = await mkdtemp(join(parent, 'minigate-types-'));
  const file = join(folder, 'program.ts');
  await writeFile(file, source);
  try {
    await promisify(execFile)(resolve('node_modules/.bin/tsc'), [
      ...`${flags} ${modules} --verbatimModuleSyntax --erasableSyntaxOnly --types`.split(' '),
      // No ambient types at all, such as Node's.
      '',
      file,
    ]);
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return stdout.match(/(?<=error )TS\d+/g) ?? [stdout];
  } finally {
    await rm(folder, { recursive: true });
  }
}
