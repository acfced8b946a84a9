/** Holds the READMEs and docs: each command they show exists, and each file they point to is there. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const pages = [...globSync('*.md'), ...globSync('docs/**/*.md'), ...globSync('client/*.md')];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const cliHelp = [...globSync('registry/cli/*.ts'), 'registry/with-gateway.ts']
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

function shellLines(page: string): string[] {
  const blocks = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(
    ([, body]) => body?.split('\n') ?? [],
  );
  return blocks.flatMap((line) => line.split('&&')).filter((line) => line.trim() && !line.startsWith('#'));
}

/** What a line runs: a script of package.json, a command of minigate, a file. */
function isKnown(line: string): boolean {
  const script = /npm (?:run (?:-s )?)?([\w:-]+)/.exec(line)?.[1];
  if (script) return ['ci', 'install', 'pack'].includes(script) || script in scripts;
  const command = /npx minigate (\w+) (?:--|(\w+))/.exec(line);
  if (command) return command.slice(1).every((word) => !word || cliHelp.includes(`.command('${word}')`));
  const file = /node ([\w./-]+\.ts)/.exec(line)?.[1];
  return file !== undefined && existsSync(file);
}

describe.each(pages)('%s', (path) => {
  const text = readFileSync(path, 'utf8');

  test('shows only commands that exist', () => {
    expect(shellLines(text).filter((line) => !isKnown(line))).toEqual([]);
  });

  test('runs files by the Node of the repository, which the machine need not have', () => {
    const runs = [...text.matchAll(/(\S+ )?\bnode [\w./-]+\.ts/g)].map(([run]) => run);
    expect(runs.filter((run) => !/^`?npx /.test(run))).toEqual([]);
  });

  test('points only to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)].map(([, target]) => String(target));
    expect(links.filter((target) => !existsSync(join(dirname(path), target)))).toEqual([]);
  });
});

test('the README begins with the two commands of a newcomer', () => {
  expect(shellLines(readFileSync('README.md', 'utf8')).slice(0, 2)).toEqual(['npm ci', 'npm start']);
});

test('both READMEs show the same commands', () => {
  const [english, chinese] = ['README.md', 'README.zh-CN.md'].map((path) =>
    shellLines(readFileSync(path, 'utf8')),
  );
  expect(chinese).toEqual(english);
});
