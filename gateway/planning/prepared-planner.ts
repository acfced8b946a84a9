/** A planner that answers by plans made ahead, and starts a real one only for a document that has none. */
import { RequestError } from '../errors.ts';
import type { Planner } from './planner.ts';
import { createFindPlan, type PreparedPlans } from './prepared-plans.ts';

export interface PreparedPlannerOptions {
  readonly prepared: PreparedPlans;
  /** Starts the real one; a failed start is tried again for the next document. */
  readonly start: () => Promise<Planner>;
  /** Where documents without a plan are the rule, the first of them need not wait for the start. */
  readonly startsAtOnce: boolean;
}

export function createPreparedPlanner({ prepared, start, startsAtOnce }: PreparedPlannerOptions): Planner {
  const find = createFindPlan(prepared);
  let starting: Promise<Planner> | undefined;
  let closed = false;
  const started = (): Promise<Planner> => {
    if (closed) throw new RequestError('SHUTTING_DOWN', 'No more operations are planned.');
    if (starting) return starting;
    const fresh = start();
    starting = fresh;
    fresh.catch(() => {
      starting = undefined;
    });
    return fresh;
  };
  if (startsAtOnce) started().catch(() => {});
  return {
    apiSchemaSdl: prepared.apiSchemaSdl,
    async plan(source, operationName, limitMs) {
      return find(source, operationName) ?? (await started()).plan(source, operationName, limitMs);
    },
    async close() {
      closed = true;
      const planner = await starting?.catch(() => undefined);
      await planner?.close();
    },
  };
}
