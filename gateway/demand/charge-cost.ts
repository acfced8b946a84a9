/** Stages 14 and 18: holds a request to its ceiling, charges it to the budgets, and settles by what the answer cost. */
import type { ExecutionResult } from 'graphql';
import { RequestError } from '../errors.ts';
import type { RequestContext, RequestCost } from '../request-context.ts';
import { type Budget, payers, type Refused } from './budget.ts';
import type { CostCeiling } from './cost-ceiling.ts';
import { type BudgetLimits, bucketsOf } from './payers.ts';
import { withCost } from './show-cost.ts';

export interface ChargeCostOptions {
  readonly ceilingOf: CostCeiling;
  readonly limits: BudgetLimits;
  readonly budget: Budget;
  /** `measure` refuses nothing: it only notes what `enforce` would have. */
  readonly mode: 'enforce' | 'measure';
  /** Told of what is refused. */
  readonly onRefuse?: (
    code: 'COST_LIMIT_EXCEEDED' | 'RATE_LIMITED',
    context: Pick<RequestContext, 'principal' | 'address'>,
  ) => void;
}

/** A request that may run. What is never settled stays charged in full. */
export interface Charge {
  /** @param countActual is called once */
  settle(result: ExecutionResult, countActual: () => number): ExecutionResult;
  /** Gives everything back: the gateway itself has no room for the operation, and nothing of it was begun. */
  cancel(): void;
}

/** Notes the cost in the request's outcome. The function throws COST_LIMIT_EXCEEDED or RATE_LIMITED. */
export type ChargeCost = (
  estimated: number,
  context: Pick<RequestContext, 'principal' | 'client' | 'address' | 'showsCost' | 'outcome'>,
) => Promise<Charge>;

type Context = Parameters<ChargeCost>[1];
type GiveBack = (cost: number) => void;

export function createChargeCost({
  ceilingOf,
  limits,
  budget,
  mode,
  onRefuse,
}: ChargeCostOptions): ChargeCost {
  const refuse = (
    cost: RequestCost,
    context: Context,
    code: 'COST_LIMIT_EXCEEDED' | 'RATE_LIMITED',
    error: RequestError,
  ): void => {
    cost.result = code;
    if (mode !== 'enforce') return;
    onRefuse?.(code, context);
    throw error;
  };

  /** How to give back to who paid; `undefined` when nobody did. */
  const pay = async (cost: RequestCost, context: Context): Promise<GiveBack | undefined> => {
    if (cost.estimated > cost.max) {
      refuse(cost, context, 'COST_LIMIT_EXCEEDED', aboveCeiling(cost));
      return undefined;
    }
    const buckets = bucketsOf('cost', limits, context);
    if (buckets.length === 0) return undefined;
    const answer = await budget.take(buckets, cost.estimated);
    if (!answer.granted) {
      refuse(cost, context, 'RATE_LIMITED', aboveBudget(cost, answer));
      return undefined;
    }
    cost.remaining = Math.floor(answer.remaining);
    return answer.giveBack;
  };

  return async (estimated, context) => {
    const cost: RequestCost = { estimated, max: ceilingOf(context.principal), result: 'OK' };
    context.outcome.cost = cost;
    const giveBack = await pay(cost, context);
    return {
      cancel: () => giveBack?.(estimated),
      settle(result, countActual) {
        cost.actual = countActual();
        const unused = estimated - cost.actual;
        // Failing must not be cheaper: a part that failed may have cost its full price where it ran.
        const given = result.errors?.length ? Math.min(0, unused) : unused;
        if (given !== 0) giveBack?.(given);
        if (cost.remaining !== undefined) cost.remaining += given;
        return context.showsCost ? withCost(result, cost) : result;
      },
    };
  };
}

function aboveCeiling({ estimated, max }: RequestCost): RequestError {
  return new RequestError(
    'COST_LIMIT_EXCEEDED',
    `The operation costs ${estimated}; one request may cost ${max}.`,
  );
}

function aboveBudget({ estimated }: RequestCost, { bucket, waitSeconds }: Refused): RequestError {
  const { capacity, refillPerSecond } = bucket.limit;
  return new RequestError(
    'RATE_LIMITED',
    `The operation costs ${estimated}, more than is left of what this ${payers[bucket.payer]} may spend: ${refillPerSecond} a second, ${capacity} at once.`,
    { 'retry-after': String(Math.max(1, Math.ceil(waitSeconds))) },
  );
}
