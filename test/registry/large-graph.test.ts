import { expect, test } from 'vitest';
import { largeGoals } from '../../bench/large-report.ts';
import { measureLargeChecks } from '../../bench/measure-large-checks.ts';

/** A tenth of the graph that `npm run bench -- --large` checks. */
const size = { subgraphs: 10, types: 200, operations: 200 };

test('checks of a large graph pass, say how far they are, and stay within time and memory', async () => {
  const said: string[] = [];
  const checks = await measureLargeChecks(size, (what) => said.push(what.trim().replace(/^[\d.]+ s: /, '')));
  expect(checks.map(({ what, passed, operations }) => [what, passed, operations])).toEqual([
    ['the first publish of all', true, 200],
    ['a check of one more field', true, 200],
    ['its publish', true, 200],
  ]);
  expect(said.slice(0, 4)).toEqual([
    ...['the first publish of all', 'compose 0/2', 'operations 0/200', 'bundle 0/1'],
  ]);
  for (const { tookMs, peakMb } of checks) {
    expect(tookMs).toBeLessThan(largeGoals.seconds * 1_000);
    expect(peakMb).toBeLessThan(largeGoals.peakMb);
  }
}, 90_000);
