/** Holds the habits of the house: how long files are, what they open with, what they are called. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { listSourceFiles } from './source-files.ts';

const files = listSourceFiles();
const paths = (found: readonly { path: string }[]): string[] => found.map(({ path }) => path);

test('no file has more than 400 lines', () => {
  const lines = files.map(({ path, text }) => ({ path, count: text.split('\n').length }));
  const long = lines.filter(({ path, count }) => count > 250 && !path.startsWith('test/'));
  if (long.length > 0)
    process.stdout.write(
      `Files to question:\n${long.map(({ path, count }) => `  ${count}  ${path}`).join('\n')}\n`,
    );
  expect(lines.filter(({ count }) => count > 400)).toEqual([]);
});

test('every file opens by saying what it is for', () => {
  const exempt = (path: string): boolean =>
    path.endsWith('.config.ts') || path.endsWith('.test.ts') || path === 'codegen.ts';
  expect(paths(files.filter(({ path, text }) => !exempt(path) && !text.startsWith('/**')))).toEqual([]);
});

test('files are named in kebab-case, none for what has no home', () => {
  const badName = /[A-Z_]|(?:^|\/)(?:utils?|helpers?|common|manager)(?:\.|\/)/;
  expect(paths(files.filter(({ path }) => badName.test(path)))).toEqual([]);
});

test('every folder of code has a README that says what the folder is for', () => {
  const folders = new Set(
    files
      .map(({ path }) => dirname(path))
      .filter((folder) => !/^(\.$|test\/(?!attacks|faults|house|support))/.test(folder)),
  );
  expect([...folders].filter((folder) => !existsSync(`${folder}/README.md`))).toEqual([]);
});

test('tests create gateways by the one function that has them looked through for secrets', () => {
  const creators = files.filter(
    ({ path, text }) => path.startsWith('test/') && /\bcreateGateway\(/.test(text),
  );
  expect(paths(creators)).toEqual(['test/support/watched-gateway.ts']);
});
