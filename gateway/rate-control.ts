/** Puts rates together: how often who may ask, counted where budgets are kept. */
import type { PublishedLimits } from '../registry/bundle/limits-and-bans.ts';
import type { Config } from './config.ts';
import type { Budget } from './demand/budget.ts';
import {
  createRateBuckets,
  type RateBuckets,
  type RateLimits,
  toOperationLimits,
} from './demand/rate-buckets.ts';
import { toLimit } from './demand/rate-limit.ts';
import { createRates, type Rates } from './demand/rates.ts';
import { createRecallingBudget } from './demand/recall-refusals.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { tightenRates } from './tighten-limits.ts';

export interface RateControl extends Rates {
  /** Those of a request under the limits of a bundle too; `undefined` where it sets no rates. */
  bucketsUnder(published: PublishedLimits | undefined): RateBuckets | undefined;
}

/** @param now milliseconds since 1970 */
export function createRateControl(
  { rates }: Config,
  budget: Budget,
  metrics: Metrics,
  now: () => number,
): RateControl {
  const limits: RateLimits = {
    principal: toLimit(rates.principal),
    newcomer: toLimit(rates.newcomer),
    newcomersOfAddress: toLimit(rates.newcomersOfAddress),
    newcomerMs: rates.newcomerSeconds * 1000,
    service: toLimit(rates.service),
    app: toLimit(rates.app),
    address: toLimit(rates.address),
    operations: toOperationLimits(rates.operations),
  };
  const own = createRates({
    limits: {
      ...limits,
      login: {
        address: toLimit(rates.login.address),
        app: toLimit(rates.login.app),
        code: toLimit(rates.login.code),
      },
      refresh: {
        address: toLimit(rates.refresh.address),
        session: toLimit(rates.refresh.session),
      },
    },
    budget: createRecallingBudget(budget, () => performance.now()),
    now,
    onRefuse: metrics.countAdmissionRefusal,
  });
  return {
    ...own,
    bucketsUnder: (published) =>
      published?.rates && createRateBuckets(tightenRates(limits, published.rates), now),
  };
}
