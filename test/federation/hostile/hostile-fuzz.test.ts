import { expect, test } from 'vitest';
import { fuzzHostile } from './hostile-fuzz.ts';

test('whatever subgraphs answer, clients get sound answers with nothing in them that was not asked', async () => {
  const { problem, answers, withErrors } = await fuzzHostile({ engine: 'minigate', seed: 1, count: 400 });

  expect(problem).toBeUndefined();
  expect(answers).toBeGreaterThan(300);
  expect(withErrors).toBeGreaterThan(100);
}, 120_000);
