/** Puts together where budgets and rates are kept: in Redis for all gateways, in memory for this one. */
import type { Logger } from 'pino';
import type { Budget } from './demand/budget.ts';
import { createMemoryBudget } from './demand/memory-budget.ts';
import { createRedisBudget } from './demand/redis-budget.ts';
import { createSharedBudget } from './demand/shared-budget.ts';
import type { RedisConnection } from './store/redis.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface BudgetStoreParts {
  /** Without it budgets are kept in memory. */
  readonly redis: RedisConnection | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Some 20 MB. */
const maxBuckets = 100_000;

/** @param nodes gateways that share the limits */
export function createBudgetStore(nodes: number, { redis, log, metrics }: BudgetStoreParts): Budget {
  const now = (): number => performance.now();
  const own = createMemoryBudget({ nodes, maxBuckets, now });
  if (!redis) return own;
  return createSharedBudget({
    shared: createRedisBudget(redis, () => metrics.countBudgetMiss('giveBack')),
    own,
    now,
    onAway: (err) => log.warn({ err }, 'budgets are kept in memory until Redis answers again'),
    onBack: () => log.info('budgets are kept in Redis again'),
    onOwn: () => metrics.countBudgetMiss('take'),
  });
}
