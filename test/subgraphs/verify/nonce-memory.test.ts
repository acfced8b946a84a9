import { expect, test } from 'vitest';
import { createNonceMemory } from '../../../subgraphs/verify/index.ts';

test('a nonce is remembered for at least as long as asked, and forgotten within twice that', () => {
  const clock = { now: 0 };
  const spend = createNonceMemory({ keepSeconds: 600, now: () => clock.now });
  clock.now = 599_000;
  expect(spend('a')).toBe(true);
  clock.now += 600_000;
  expect(spend('a')).toBe(false);
  clock.now += 600_001;
  expect(spend('b')).toBe(true);
  expect(spend('a')).toBe(true);
});

test('beyond its size the oldest are forgotten, and nothing new is refused', () => {
  const spend = createNonceMemory({ maxNonces: 4, now: () => 0 });
  expect(['a', 'b', 'c', 'd', 'e'].map(spend)).toEqual([true, true, true, true, true]);
  expect(['e', 'd', 'c'].map(spend)).toEqual([false, false, false]);
  expect(spend('a')).toBe(true);
});
