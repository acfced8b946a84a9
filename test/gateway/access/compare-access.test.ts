import { expect, test } from 'vitest';
import { compareAccess } from './compare-access.ts';

test('random operations are allowed, denied, undecided and filtered as by the letter', async () => {
  const { difference, ...totals } = await compareAccess(1, 1_000);
  expect(difference).toBeUndefined();
  expect(totals.compared).toBe(1_000);
  expect(Math.min(totals.allow, totals.deny, totals.filtered)).toBeGreaterThan(130);
  expect(totals.error).toBeGreaterThan(30);
}, 60_000);
