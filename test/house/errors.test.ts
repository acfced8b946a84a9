/** Holds docs/errors.md against the table that the gateway answers from. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorTable } from '../../gateway/errors.ts';

test('docs/errors.md lists every code with its status, meaning, remedy and user message', () => {
  const page = readFileSync('docs/errors.md', 'utf8');
  const documented = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '));
  const inCode = Object.entries(errorTable).map(([code, { status, meaning, remedy, userMessage }]) => [
    `\`${code}\``,
    String(status),
    meaning,
    remedy,
    userMessage,
  ]);
  expect(documented).toEqual(inCode);
});
