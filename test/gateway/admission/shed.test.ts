/** When the gateway has too much to do, and when it has time again. */
import { expect, test } from 'vitest';
import { createShed, type Shed } from '../../../gateway/admission/shed.ts';

interface Watched {
  readonly shed: Shed;
  readonly refused: string[];
  /** A lag as it is measured so long after the last. */
  lag(afterMs: number, lagMs: number): void;
}

function startShed(): Watched {
  const refused: string[] = [];
  let nowMs = 0;
  const shed = createShed({
    maxInFlight: 2,
    maxCostInFlight: 100,
    maxLagMs: 100,
    onRefuse: (reason) => refused.push(reason),
    now: () => nowMs,
  });
  return {
    shed,
    refused,
    lag(afterMs, lagMs) {
      nowMs += afterMs;
      shed.observeLag(lagMs);
    },
  };
}

test('the request after the last place is refused, with the time to wait, until one has left', () => {
  const { shed, refused } = startShed();
  shed.enter();
  shed.enter();
  expect(() => shed.check()).toThrowError(
    expect.objectContaining({ code: 'OVERLOADED', status: 503, headers: { 'retry-after': '1' } }),
  );
  shed.leave();
  shed.enter();
  expect(refused).toEqual(['in-flight']);
});

test('dear operations leave room for cheap ones', () => {
  const { shed, refused } = startShed();
  shed.takeCost(90);
  expect(() => shed.takeCost(90)).toThrowError(expect.objectContaining({ code: 'OVERLOADED' }));
  shed.takeCost(5);
  shed.returnCost(90);
  shed.takeCost(90);
  expect(refused).toEqual(['cost-in-flight']);
});

test('an operation that alone costs more than all together may is not refused for that', () => {
  const { shed, refused } = startShed();
  shed.takeCost(1);
  shed.takeCost(200);
  expect(refused).toEqual([]);
});

test('a lag is refused for once it has lasted a second', () => {
  const { shed, lag } = startShed();
  const states = Array.from({ length: 12 }, () => {
    lag(100, 101);
    return shed.isLate();
  });
  expect(states.indexOf(true)).toBe(9);
  expect(() => shed.check()).toThrowError(expect.objectContaining({ code: 'OVERLOADED' }));
});

test('lags with pauses between them are taken', () => {
  const { shed, lag } = startShed();
  for (let round = 0; round < 20; round += 1) lag(100, round % 2 === 0 ? 150 : 10);
  expect(shed.isLate()).toBe(false);
});

test('one hold of two seconds is a lag that has lasted', () => {
  const { shed, lag } = startShed();
  lag(2_000, 1_900);
  expect(shed.isLate()).toBe(true);
});

test('requests are taken again after a second of calm, not after a second of a little less lag', () => {
  const { shed, lag } = startShed();
  lag(2_000, 1_900);
  for (let round = 0; round < 20; round += 1) lag(100, 80);
  expect(shed.isLate()).toBe(true);
  for (let round = 0; round < 11; round += 1) lag(100, 10);
  expect(shed.isLate()).toBe(false);
  expect(() => shed.check()).not.toThrow();
});
