/** Refuses again, from memory, what a budget has refused and would still refuse: who keeps asking costs its store nothing. */
import { type Bucket, type Budget, type Granted, type Refused, toBucketKey } from './budget.ts';

export interface RecallingBudget extends Budget {
  /** Whether one of these buckets was refused and cannot have refilled since. */
  recall(buckets: readonly Bucket[]): Refused | undefined;
}

/** Beyond it the oldest refusals are forgotten: the budget is then asked again. */
const maxRecalled = 10_000;

/**
 * For budgets whose requests cost about the same, and are not given back.
 *
 * @param now milliseconds on a clock that never goes back
 */
export function createRecallingBudget(budget: Budget, now: () => number): RecallingBudget {
  const untilMs = new Map<string, number>();

  const recall = (buckets: readonly Bucket[]): Refused | undefined => {
    if (untilMs.size === 0) return undefined;
    for (const bucket of buckets) {
      const key = toBucketKey(bucket);
      const leftMs = (untilMs.get(key) ?? 0) - now();
      if (leftMs > 0) return { granted: false, bucket, waitSeconds: leftMs / 1000 };
      untilMs.delete(key);
    }
    return undefined;
  };
  const remember = (answer: Granted | Refused): Granted | Refused => {
    if (answer.granted) return answer;
    const key = toBucketKey(answer.bucket);
    untilMs.delete(key);
    untilMs.set(key, now() + answer.waitSeconds * 1000);
    const [oldest] = untilMs.size > maxRecalled ? untilMs.keys() : [];
    if (oldest !== undefined) untilMs.delete(oldest);
    return answer;
  };

  return {
    recall,
    take(buckets, units) {
      const recalled = recall(buckets);
      if (recalled) return recalled;
      const answer = budget.take(buckets, units);
      return answer instanceof Promise ? answer.then(remember) : remember(answer);
    },
  };
}
