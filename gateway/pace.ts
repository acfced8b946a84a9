/** The pace of long work on the thread of requests: after every few milliseconds of it they go first. */
import { setTimeout as delay, setImmediate } from 'node:timers/promises';

/** Waits where it is the requests' turn. */
export type Pace = () => Promise<void>;

/** Work that took less goes on. */
const sliceMs = 1;
/** For each millisecond of work. A request has several turns of the loop, so that one turn between slices is not enough. */
const restPerWork = 2;
const longestRestMs = 50;

export function createPace(): Pace {
  let sinceMs = performance.now();
  return async () => {
    const workedMs = performance.now() - sinceMs;
    if (workedMs < sliceMs) return;
    await delay(Math.min(longestRestMs, workedMs * restPerWork));
    sinceMs = performance.now();
  };
}

/** For work that nobody's requests are beside: others have one turn in between. */
export const everyTurn: Pace = () => setImmediate();
