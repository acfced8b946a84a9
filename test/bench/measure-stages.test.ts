import { expect, test } from 'vitest';
import { measureStages } from '../../bench/measure-stages.ts';

test('every stage between the bytes and the execution of a request is timed', async () => {
  const costs = await measureStages(10);
  expect(costs.map(({ stage }) => Number.parseInt(stage, 10))).toEqual([1, 5, 6, 7, 10, 11, 12, 13, 14]);
  expect(costs.every(({ microseconds }) => microseconds >= 0)).toBe(true);
});
