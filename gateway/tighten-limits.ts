/** Holds what a bundle says of limits against the gateway's own settings: of two the smaller counts. */
import type { PublishedLimits } from '../registry/bundle/limits-and-bans.ts';
import type { Config } from './config.ts';
import type { BudgetLimit } from './demand/budget.ts';
import { type RateLimits, toOperationLimits } from './demand/rate-buckets.ts';
import { toLimit } from './demand/rate-limit.ts';

const sizes = [
  ...(['maxCost', 'maxDepth', 'maxAliases', 'maxDirectives', 'maxRepeats', 'maxRootFields'] as const),
  ...(['maxRootAliases', 'maxMutations', 'maxSelections'] as const),
] as const;

/** Of one request's size and cost. */
export function tightenSizes(
  own: Config['limits'],
  published: PublishedLimits | undefined,
): Config['limits'] {
  if (!published) return own;
  const tightened = sizes.map((name) => [name, Math.min(own[name], published[name] ?? own[name])]);
  return { ...own, ...Object.fromEntries(tightened) };
}

/** Rates of operations are counted beside the gateway's own. */
export function tightenRates(own: RateLimits, published: NonNullable<PublishedLimits['rates']>): RateLimits {
  const { principal, newcomer, service, app, operations } = published;
  return {
    ...own,
    principal: tightest(own.principal, principal),
    newcomer: tightest(own.newcomer, newcomer),
    service: tightest(own.service, service),
    app: tightest(own.app, app),
    publishedOperations: toOperationLimits(operations ?? {}),
  };
}

/** A capacity of 0 is no limit. */
function tightest(own: BudgetLimit, published: Parameters<typeof toLimit>[0] | undefined): BudgetLimit {
  if (!published) return own;
  const limit = toLimit(published);
  if (own.capacity === 0) return limit;
  return {
    capacity: Math.min(own.capacity, limit.capacity),
    refillPerSecond: Math.min(own.refillPerSecond, limit.refillPerSecond),
  };
}
