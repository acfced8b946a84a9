/** Deadlines after the event loop was held. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDeadline } from '../../gateway/deadline.ts';

let echo: Worker;
beforeAll(async () => {
  echo = new Worker(
    "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (m) => parentPort.postMessage(m)); parentPort.postMessage('ready');",
    { eval: true },
  );
  await once(echo, 'message');
});
afterAll(async () => void (await echo.terminate()));

function holdEventLoop(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}

test('B-48 what came in while the loop was held is read before the deadline expires', async () => {
  const events: string[] = [];
  const expired = Promise.withResolvers<void>();
  echo.on('message', (message: string) => events.push(message));
  startDeadline(performance.now() + 50, () => {
    events.push('expired');
    expired.resolve();
  });
  echo.postMessage('answer');

  holdEventLoop(300);

  await expired.promise;
  expect(events).toEqual(['answer', 'expired']);
});

test('B-48 a deadline set after a hold, in the same turn of the loop, is not shorter by the hold', async () => {
  await new Promise(setImmediate);
  holdEventLoop(200);
  const deadlineMs = performance.now() + 100;
  await new Promise<void>((resolve) => void startDeadline(deadlineMs, resolve));
  expect(performance.now()).toBeGreaterThanOrEqual(deadlineMs - 1);
});

test('a deadline that was stopped does not expire', async () => {
  let expired = false;
  const stop = startDeadline(performance.now(), () => {
    expired = true;
  });
  stop();
  await new Promise<void>((resolve) => void startDeadline(performance.now() + 20, resolve));
  expect(expired).toBe(false);
});
