/** Makes a bucket's limit of a rate as the settings say it: so many requests at once, and again in so many seconds. */
import type { BudgetLimit } from './budget.ts';

export function toLimit({
  requests,
  seconds,
}: {
  readonly requests: number;
  readonly seconds: number;
}): BudgetLimit {
  return { capacity: requests, refillPerSecond: requests / seconds };
}
