import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { registryErrors } from '../../registry/errors.ts';

const rowsOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+` \| \d{3} \|/.test(line));

test('docs/publishing.md lists every code with its status, meaning and remedy, in both languages', () => {
  const entries = Object.entries(registryErrors);
  expect(rowsOf('docs/publishing.md')).toEqual(
    entries.map(
      ([code, { status, meaning, remedy }]) => `| \`${code}\` | ${status} | ${meaning} | ${remedy} |`,
    ),
  );
  expect(rowsOf('docs/publishing.zh-CN.md')).toEqual(
    entries.map(([code, { status, chinese }]) => `| \`${code}\` | ${status} | ${chinese} |`),
  );
});
