import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AttackWorld, startAttackWorld } from '../../support/attack-world.ts';
import { fuzzRequests } from './fuzz-requests.ts';

let world: AttackWorld;
beforeAll(async () => {
  world = await startAttackWorld({ dev: true });
  // What is compiled once is no request's hold.
  await fuzzRequests(world, { seed: 0, count: 150, maxHoldMs: Number.POSITIVE_INFINITY });
});
afterAll(() => world.close());

test('no request of at most 256 KiB holds the event loop for more than 20 ms, or is answered by a fault', async () => {
  const { findings, statuses } = await fuzzRequests(world, { seed: 1, count: 300, maxHoldMs: 20 });

  expect(
    findings.map(({ shape, position, holdMs, status }) => `${position} ${shape}: ${status}, ${holdMs} ms`),
  ).toEqual([]);
  expect(Object.keys(statuses)).toEqual(expect.arrayContaining(['200', '400', '403']));
}, 60_000);
