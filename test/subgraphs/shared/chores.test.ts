/** Chores go on until they are stopped, whatever becomes of one of them. */
import { expect, test } from 'vitest';
import { startChores } from '../../../subgraphs/shared/chores.ts';

test('a chore that fails is told of, and keeps neither the others nor the next round from running', async () => {
  const done: string[] = [];
  const faults: unknown[] = [];
  const failing = async () => {
    throw new Error(`failed after ${done.length}`);
  };
  const twice = Promise.withResolvers<void>();
  const working = async () => {
    if (done.push('worked') === 2) twice.resolve();
  };

  const chores = startChores([failing, working], { intervalMs: 1, onFault: (error) => faults.push(error) });
  await twice.promise;
  await chores.stop();

  expect(done.slice(0, 2)).toEqual(['worked', 'worked']);
  expect(faults.slice(0, 2)).toEqual([new Error('failed after 0'), new Error('failed after 1')]);
});

test('stopping waits for the chore under way, tells it, and begins no other', async () => {
  const seen: string[] = [];
  const gate = Promise.withResolvers<void>();
  const slow = async (signal: AbortSignal) => {
    await gate.promise;
    seen.push(`slow ends, aborted: ${signal.aborted}`);
  };
  const never = async () => {
    seen.push('never');
  };

  const stopping = startChores([slow, never], { intervalMs: 1 }).stop();
  gate.resolve();
  await stopping;

  expect(seen).toEqual(['slow ends, aborted: true']);
});
