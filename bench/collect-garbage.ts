/** Loaded into a candidate before its own code: collects all garbage at SIGUSR2, so that what stays is what is kept. */
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

// Each thread has a heap of its own, and only the first gets signals; the others load this too.
const channel = new BroadcastChannel('minigate-collect-garbage');
channel.unref();
channel.onmessage = collect;
if (isMainThread) {
  process.on('SIGUSR2', () => {
    channel.postMessage(undefined);
    collect();
  });
}

function collect(): void {
  globalThis.gc?.();
  globalThis.gc?.();
}
