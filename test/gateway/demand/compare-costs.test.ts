import { expect, test } from 'vitest';
import { compareCosts } from './compare-costs.ts';

test('random operations cost what they cost by the letter, whatever their variables', () => {
  const { difference, refused, priced, compared } = compareCosts(1, 3_000);
  expect(difference).toBeUndefined();
  expect(compared).toBe(3_000);
  expect(refused).toBeGreaterThan(100);
  expect(priced).toBeGreaterThan(1_000);
});
