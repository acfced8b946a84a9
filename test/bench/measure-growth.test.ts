import { expect, test } from 'vitest';
import { toSlope } from '../../bench/measure-growth.ts';

test('the slope is that of the line that fits best, not of the ends', () => {
  const samples = [
    { requests: 0, settledMb: 100 },
    { requests: 1000, settledMb: 104 },
    { requests: 2000, settledMb: 102 },
    { requests: 3000, settledMb: 106 },
  ];
  expect(toSlope(samples) * 1000).toBeCloseTo(1.6);
});

test('memory that stays as it is has no slope', () => {
  expect(
    toSlope([
      { requests: 0, settledMb: 100 },
      { requests: 50_000, settledMb: 100 },
    ]),
  ).toBe(0);
});
