/** Puts demand control together: what one request may cost, and what each payer may spend as time passes. */
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Budget } from './demand/budget.ts';
import { type ChargeCost, createChargeCost } from './demand/charge-cost.ts';
import { createCostCeiling } from './demand/cost-ceiling.ts';
import { createMemoryBudget } from './demand/memory-budget.ts';
import { createRedisBudget } from './demand/redis-budget.ts';
import { createSharedBudget } from './demand/shared-budget.ts';
import type { Roles } from './principal.ts';
import type { RedisConnection } from './store/redis.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface DemandControlParts {
  readonly roles: Roles;
  /** Without it budgets are kept in memory. */
  readonly redis: RedisConnection | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** @throws StartupError for a ceiling of a role that does not exist */
export function createDemandControl(config: Config, parts: DemandControlParts): ChargeCost {
  const { maxCost, maxCostByRole, costMode } = config.limits;
  return createChargeCost({
    ceilingOf: createCostCeiling(maxCost, maxCostByRole, parts.roles),
    limits: config.budgets,
    budget: createBudget(config.budgets.nodes, parts),
    mode: costMode,
  });
}

/** Some 20 MB. */
const maxBuckets = 100_000;

function createBudget(nodes: number, { redis, log, metrics }: DemandControlParts): Budget {
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
