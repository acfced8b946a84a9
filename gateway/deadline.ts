/** A timer for deadlines that is fair after the event loop was held: what came in meanwhile is read before it expires. */

/**
 * @param deadlineMs on the clock of `performance.now()`
 * @returns stops the timer
 */
export function startDeadline(deadlineMs: number, expire: () => void): () => void {
  let timer: NodeJS.Timeout | NodeJS.Immediate;
  const arm = (): void => {
    timer = setTimeout(onTime, Math.max(0, deadlineMs - performance.now()));
  };
  const onTime = (): void => {
    // Timers count from the begin of the loop's turn, which a hold in the same turn has put into the past.
    if (performance.now() < deadlineMs - 1) arm();
    else timer = setImmediate(expire);
  };
  arm();
  return () => {
    clearTimeout(timer as NodeJS.Timeout);
    clearImmediate(timer as NodeJS.Immediate);
  };
}
