import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';

test('random operations are answered as by one schema over the same data', async () => {
  const { difference, compared } = await fuzz({ engine: 'minigate', seed: 1, count: 300 });

  expect(difference).toBeUndefined();
  expect(compared).toBeGreaterThan(250);
}, 120_000);

test('random operations over broken fields leave the same nulls, each with an error at its place', async () => {
  const { difference, withErrors } = await fuzz({
    engine: 'minigate',
    seed: 2,
    count: 300,
    faultDensity: 0.05,
  });

  expect(difference).toBeUndefined();
  expect(withErrors).toBeGreaterThan(50);
}, 120_000);
