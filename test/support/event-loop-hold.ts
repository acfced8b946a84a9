/** Measures for how long at a time the event loop was held. */

export interface EventLoopWatch {
  /** Ends the watch. The longest hold, in milliseconds. */
  stop(): number;
}

/**
 * Counts the thread's own processor time, not the clock's: on a busy machine the thread waits for a processor, which
 * nobody who sends a request has caused.
 */
export function watchEventLoop(intervalMs = 5): EventLoopWatch {
  let before = process.threadCpuUsage();
  let longestMs = 0;
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    longestMs = Math.max(longestMs, (user + system) / 1000);
    before = process.threadCpuUsage();
  };
  const timer = setInterval(look, intervalMs);
  return {
    stop() {
      clearInterval(timer);
      look();
      return longestMs;
    },
  };
}
