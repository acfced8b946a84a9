/** Looks again and again for what to serve next: at an interval, at once when woken, less often while that fails. */
import { setTimeout as delay } from 'node:timers/promises';

export interface LookAgainOptions {
  /** Called one at a time. @param signal ends what it does */
  readonly look: (signal: AbortSignal) => Promise<void>;
  readonly intervalMs: number;
  /** In place of the interval, before the first look and after one that went well. */
  readonly restMs?: () => number;
  /** Told of each look: what it threw, or nothing. */
  readonly onLooked: (error: unknown) => void;
  /** From 0 up to 1. */
  readonly random?: () => number;
  /** Resolves after the time, or rejects by the signal. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export interface LookAgain {
  /** Looks now, or once more after the look that is under way. */
  wake(): void;
  stop(): Promise<void>;
}

/** So that what is repaired is noticed soon, however long it was broken. */
const maxDelays = 4;

export function lookAgain({
  look,
  intervalMs,
  restMs = () => intervalMs,
  onLooked,
  random = Math.random,
  wait = (ms, signal) => delay(ms, undefined, { signal, ref: false }),
}: LookAgainOptions): LookAgain {
  const ending = new AbortController();
  let waking = new AbortController();
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!ending.signal.aborted) {
      const delayMs = toDelayMs(failures === 0 ? restMs() : intervalMs, failures, random());
      await wait(delayMs, AbortSignal.any([ending.signal, waking.signal])).catch(() => {});
      if (ending.signal.aborted) return;
      waking = new AbortController();
      try {
        await look(ending.signal);
        failures = 0;
        onLooked(undefined);
      } catch (error) {
        if (ending.signal.aborted) return;
        failures += 1;
        onLooked(error);
      }
    }
  };
  const ended = run();
  return {
    wake: () => waking.abort(),
    async stop() {
      ending.abort();
      await ended;
    },
  };
}

/** Tells of the first of several failures in a row. */
export function onFirstFailure(tell: (error: unknown) => void): LookAgainOptions['onLooked'] {
  let isFailing = false;
  return (error) => {
    if (error !== undefined && !isFailing) tell(error);
    isFailing = error !== undefined;
  };
}

/** Many gateways must not ask at the same moment, least of all after a fault that befell them together. */
export function toDelayMs(intervalMs: number, failures: number, random: number): number {
  const longestMs = intervalMs * Math.min(2 ** failures, maxDelays);
  return Math.round(failures === 0 ? intervalMs * (0.8 + 0.4 * random) : longestMs * (0.5 + 0.5 * random));
}
