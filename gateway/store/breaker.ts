/** Spares those who ask the wait for a store that does not answer: a breaker. */

export interface Breaker {
  /** Rejects as the work does, and at once while it is open. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export interface BreakerOptions {
  /** Milliseconds, on a clock that never goes back. */
  readonly now: () => number;
  /** Whether an error of the work says that the store is not to be reached. */
  readonly isFailure: (error: unknown) => boolean;
}

/** Failures without a success between them that open it. */
const maxFailures = 5;

/** While it is open one in this time is let through, to see whether the store is back. */
const retryAfterMs = 500;

export function createBreaker({ now, isFailure }: BreakerOptions): Breaker {
  let failures = 0;
  let retryAtMs = 0;
  return {
    async run(work) {
      if (failures >= maxFailures) {
        if (now() < retryAtMs) throw new Error('The store did not answer a moment ago.');
        retryAtMs = now() + retryAfterMs;
      }
      try {
        const answer = await work();
        failures = 0;
        return answer;
      } catch (error) {
        if (!isFailure(error)) failures = 0;
        else {
          failures += 1;
          if (failures >= maxFailures) retryAtMs = now() + retryAfterMs;
        }
        throw error;
      }
    },
  };
}
