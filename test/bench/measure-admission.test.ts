import { expect, test } from 'vitest';
import { toAdmissionTable } from '../../bench/admission-report.ts';
import { distanceMs, measureAdmission } from '../../bench/measure-admission.ts';
import { redisUrl } from '../support/services.ts';

const aRedis = {
  near: { requestMs: 0.4, roundTripMs: 0.3 },
  distant: { requestMs: 6.4, roundTripMs: 5.3 },
};

test('what is asked of a request before it may run is timed, in memory and in Redis', async () => {
  const cost = await measureAdmission(redisUrl, 20);
  expect(cost.microseconds).toBeGreaterThan(0);
  const { near, distant } = cost.redis ?? aRedis;
  expect(near.requestMs).toBeGreaterThan(0);
  // A timer may be early by less than a millisecond.
  expect(distant.requestMs).toBeGreaterThan(distanceMs - 1);
  expect(distant.roundTripMs).toBeGreaterThan(distanceMs - 1);
  const table = toAdmissionTable({ microseconds: 61.24, redis: aRedis });
  expect(
    table
      .split('\n')
      .slice(-2)
      .map((line) => line.split(' | ').slice(1)),
  ).toEqual([
    ['    0.40', '0.30 |'],
    ['    6.40', '5.30 |'],
  ]);
});
