import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isClean, parseCases, parseTestRun, type TestRun, toCaseReport, toText } from './case-report.ts';

const groups = parseCases(`# Cases

How to read them.

## V · Parsing

| id | case | expected |
|---|---|---|
| V-01 | half a document | 400 |
| V-02 | too many tokens | 413 |
| V-03 | too deep | 400 |
`);

function runOf(...tests: [title: string, status: string, ...ancestors: string[]][]): TestRun {
  return {
    testResults: [
      {
        name: 'test/attacks/parsing.test.ts',
        status: tests.some(([, status]) => status === 'failed') ? 'failed' : 'passed',
        assertionResults: tests.map(([title, status, ...ancestorTitles]) => ({
          ancestorTitles,
          title,
          fullName: [...ancestorTitles, title].join(' '),
          status,
        })),
      },
    ],
  };
}

test('the list has the groups and ids of its tables', async () => {
  const listed = parseCases(await readFile(new URL('../cases.md', import.meta.url), 'utf8'));

  expect(listed.map(({ letter, cases }) => [letter, cases.length])).toEqual([
    ...[
      ['V', 15],
      ['C', 16],
      ['Q', 12],
      ['K', 10],
      ['J', 16],
      ['R', 20],
      ['L', 8],
    ],
    ...[
      ['H', 16],
      ['S', 11],
      ['X', 10],
      ['P', 15],
      ['W', 13],
      ['G', 10],
      ['B', 47],
    ],
  ]);
});

test('a case takes its state from every test that names it, in its own title or above', () => {
  const run = runOf(
    ['V-01 half a document', 'passed'],
    ['by GET', 'passed', 'V-02 too many tokens'],
    ['by POST', 'failed', 'V-02 too many tokens'],
    ['V-03 too deep', 'skipped'],
  );

  expect(toCaseReport(groups, run)).toEqual({
    groups: [
      {
        letter: 'V',
        title: 'Parsing',
        cases: [
          { id: 'V-01', title: 'half a document', state: 'passed' },
          { id: 'V-02', title: 'too many tokens', state: 'failed' },
          { id: 'V-03', title: 'too deep', state: 'no test' },
        ],
      },
    ],
    unlistedIds: [],
    otherFailures: [],
  });
});

test('cases without test leave the report clean', () => {
  expect(isClean(toCaseReport(groups, runOf(['V-01 half a document', 'passed'])))).toBe(true);
});

test('an id that is not listed, a failure without id, and a file that does not load spoil it', () => {
  const run = runOf(['V-09 new', 'passed'], ['V-012 no id', 'failed', 'other']);
  run.testResults.push({
    name: 'test/faults/redis.test.ts',
    status: 'failed',
    message: 'cannot be imported',
    assertionResults: [],
  });

  const report = toCaseReport(groups, run);

  expect({ ...report, groups: [], clean: isClean(report) }).toEqual({
    groups: [],
    unlistedIds: ['V-09'],
    otherFailures: ['test/faults/redis.test.ts: cannot be imported', 'other V-012 no id'],
    clean: false,
  });
});

test('the text has a line for each state that occurs', () => {
  const run = runOf(['V-01 half a document', 'passed'], ['V-02 too many tokens', 'failed']);

  expect(toText(toCaseReport(groups, run))).toBe(`V · Parsing
  passed    1  V-01
  failed    1  V-02
  no test   1  V-03

1 passed, 1 failed, 1 without test
`);
});

test.each([
  ['| V-1 | short id | 400 |', 'Not a line of the table: | V-1 | short id | 400 |'],
  ['| C-01 | fragments | 400 |', 'C-01 stands in a foreign group.'],
  ['| V-01 | once | 400 |\n| V-01 | twice | 400 |', 'V-01 is listed twice.'],
])('the list refuses %j', (lines, message) => {
  expect(() => parseCases(`## V · Parsing\n\n${lines}`)).toThrow(message);
});

test('a run is read from JSON as Vitest writes it', () => {
  const run = runOf(['V-01 half a document', 'passed']);

  expect(parseTestRun(JSON.stringify({ ...run, success: true, startTime: 0 }))).toEqual(run);
});
