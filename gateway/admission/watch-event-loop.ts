/** Measures how late the event loop is, ten times a second. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const sampleMs = 100;
const resolutionMs = 20;

/** @param observe is given the 99th percentile of the last tenth of a second @returns ends the watch */
export function watchEventLoop(observe: (lagMs: number) => void): () => void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let dueMs = performance.now() + sampleMs;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    const delayMs = delays.count === 0 ? 0 : delays.percentile(99) / 1e6 - resolutionMs;
    // A hold that has just ended is not among the delays when this timer comes before theirs.
    observe(Math.max(0, delayMs, nowMs - dueMs));
    delays.reset();
    dueMs = nowMs + sampleMs;
  }, sampleMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    delays.disable();
  };
}
