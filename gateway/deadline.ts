/** A timer for deadlines that is fair after the event loop was held: what came in meanwhile is read before it expires. */

/**
 * @param deadlineMs on the clock of `performance.now()`
 * @returns stops the timer
 */
export function startDeadline(deadlineMs: number, expire: () => void): () => void {
  let last: NodeJS.Immediate | undefined;
  // After a hold timers come before sockets are looked at again; immediates come after that.
  const timer = setTimeout(
    () => {
      last = setImmediate(expire);
    },
    Math.max(0, deadlineMs - performance.now()),
  );
  return () => {
    clearTimeout(timer);
    clearImmediate(last);
  };
}
