/** Loaded into a candidate before its own code: collects all garbage at SIGUSR2, so that what stays is what is kept. */
import { isMainThread } from 'node:worker_threads';

// Workers get no signals, but load this too.
if (isMainThread) {
  process.on('SIGUSR2', () => {
    globalThis.gc?.();
    globalThis.gc?.();
  });
}
