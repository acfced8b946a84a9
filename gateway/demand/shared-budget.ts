/** Takes from budgets that all gateways share and, while those cannot be asked, from this process's own. */
import type { Budget } from './budget.ts';
import type { MemoryBudget } from './memory-budget.ts';

export interface SharedBudgetOptions {
  readonly shared: Budget;
  readonly own: MemoryBudget;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Told once, when the shared budgets fail after they worked. */
  readonly onAway: (error: unknown) => void;
  readonly onBack: () => void;
  /** Told of each request that took from this process's own. */
  readonly onOwn: () => void;
}

/** After a failure one request in this time tries the shared budgets; no other waits for them. */
const retryAfterMs = 1_000;

/** Never fails: what the shared budgets cannot decide, this process's own do. */
export function createSharedBudget({ shared, own, now, onAway, onBack, onOwn }: SharedBudgetOptions): Budget {
  let retryAtMs: number | undefined;
  return {
    async take(buckets, cost) {
      const nowMs = now();
      if (retryAtMs === undefined || nowMs >= retryAtMs) {
        const wasAway = retryAtMs !== undefined;
        if (wasAway) retryAtMs = nowMs + retryAfterMs;
        try {
          const answer = await shared.take(buckets, cost);
          if (wasAway) {
            retryAtMs = undefined;
            onBack();
          }
          return answer;
        } catch (error) {
          if (retryAtMs === undefined) onAway(error);
          retryAtMs = now() + retryAfterMs;
        }
      }
      onOwn();
      return own.take(buckets, cost);
    },
  };
}
