/** The pace of long work on the thread of requests: after every millisecond of it they go first. */
import { setTimeout as delay, setImmediate } from 'node:timers/promises';

/** Waits where it is the requests' turn. */
export type Pace = () => Promise<void>;

/** Work that took less goes on. */
const sliceMs = 1;
/** For each millisecond of work. A request has several turns of the loop, and each may meet a slice: one in seven does. */
const restPerWork = 6;
const longestRestMs = 50;

/** For work beside requests. */
export function createPace(): Pace {
  return afterEachSlice((workedMs) => delay(Math.min(longestRestMs, workedMs * restPerWork)));
}

/** For work that nobody's requests are beside: others have one turn in between. */
export function createQuickPace(): Pace {
  return afterEachSlice(() => setImmediate());
}

function afterEachSlice(rest: (workedMs: number) => Promise<unknown>): Pace {
  let sinceMs = performance.now();
  return async () => {
    const workedMs = performance.now() - sinceMs;
    if (workedMs < sliceMs) return;
    await rest(workedMs);
    sinceMs = performance.now();
  };
}
