/** The project's own source files, for the tests that hold the claims of the house. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Tracked and new TypeScript outside generated folders. */
export function listSourceFiles(): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => path && !path.includes('/generated/') && existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

export interface Import {
  readonly from: string;
  /** A path of the repository, or a package's name. */
  readonly to: string;
  readonly typeOnly: boolean;
}

const importStatement =
  /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm;

export function importsOf({ path, text }: SourceFile): Import[] {
  return [...text.matchAll(importStatement)].map(([, type, from, bare, dynamic]) => {
    const target = from ?? bare ?? dynamic ?? '';
    const to = target.startsWith('.') ? normalize(join(dirname(path), target)) : target;
    return { from: path, to, typeOnly: type !== undefined };
  });
}
