/** Deadlines after the event loop was held. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
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
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // Held while sockets are read, as by a request: timers come next, before sockets are looked at again.
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1', () => {
    startDeadline(performance.now() + 50, () => {
      events.push('expired');
      expired.resolve();
    });
    echo.postMessage('answer');
    holdEventLoop(300);
  });

  await expired.promise;
  socket.destroy();
  server.close();
  expect(events).toEqual(['answer', 'expired']);
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
