import { expect, test } from 'vitest';
import { lookAgain, toDelayMs } from '../../../gateway/supergraph/look-again.ts';

test('the delay is the interval, 20 % more or less; after failures longer, up to four intervals, half of it by chance', () => {
  const spread = (failures: number): number[] =>
    [0, 0.5, 1].map((random) => toDelayMs(2_000, failures, random));
  expect({ well: spread(0), once: spread(1), twice: spread(2), often: spread(100) }).toEqual({
    well: [1_600, 2_000, 2_400],
    once: [2_000, 3_000, 4_000],
    twice: [4_000, 6_000, 8_000],
    often: [4_000, 6_000, 8_000],
  });
});

/** Waits end when the test says so, or by their signal. */
function startWorld() {
  const waits: { readonly ms: number; readonly end: () => void }[] = [];
  const looks: { readonly succeed: () => void; readonly fail: (reason: string) => void }[] = [];
  const outcomes: unknown[] = [];
  const looking = lookAgain({
    look: () =>
      new Promise((resolve, reject) =>
        looks.push({ succeed: resolve, fail: (reason) => reject(new Error(reason)) }),
      ),
    intervalMs: 100,
    random: () => 0.5,
    onLooked: (error) => outcomes.push(error instanceof Error ? error.message : 'well'),
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve(undefined);
        signal.addEventListener('abort', () => resolve(undefined));
        waits.push({ ms, end: () => resolve(undefined) });
      }),
  });
  return { looking, waits, looks, outcomes };
}

test('a look that fails is told of, and the next waits longer until one goes well', async () => {
  const { looking, waits, looks, outcomes } = startWorld();
  for (const [turn, fails] of [true, true, false].entries()) {
    waits[turn]?.end();
    await expect.poll(() => looks.length).toBe(turn + 1);
    if (fails) looks[turn]?.fail('away');
    else looks[turn]?.succeed();
    await expect.poll(() => outcomes.length).toBe(turn + 1);
  }
  await expect.poll(() => waits.map(({ ms }) => ms)).toEqual([100, 150, 300, 100]);
  expect(outcomes).toEqual(['away', 'away', 'well']);
  await looking.stop();
});

test('whoever wakes it has it look at once, or once more after the look under way', async () => {
  const { looking, waits, looks } = startWorld();
  await expect.poll(() => waits.length).toBe(1);
  looking.wake();
  await expect.poll(() => looks.length).toBe(1);
  looking.wake();
  looks[0]?.succeed();
  await expect.poll(() => looks.length).toBe(2);
  looks[1]?.succeed();
  await expect.poll(() => waits.length).toBe(3);
  expect(looks).toHaveLength(2);
  await looking.stop();
});
