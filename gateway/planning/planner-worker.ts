/** The planner's thread: plans over one supergraph, and answers one question at a time. */
import { getPriority, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { parse } from 'graphql';
import { createPlanOperations } from './plan-operations.ts';
import type { QueryPlan } from './query-plan.ts';

export interface PlannerData {
  readonly supergraphSdl: string;
  /** Alternatives that the planner compares before it takes the best so far. */
  readonly maxEvaluatedPlans: number;
}

export interface PlanRequest {
  readonly id: number;
  readonly source: string;
  readonly operationName: string | undefined;
}

export type PlannerMessage =
  | { readonly kind: 'ready'; readonly apiSchemaSdl: string }
  | { readonly kind: 'unusable'; readonly reason: string }
  | PlannerAnswer;

export type PlannerAnswer =
  | { readonly kind: 'plan'; readonly id: number; readonly plan: QueryPlan }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string };

const port = parentPort;
if (!port) throw new Error('The planner runs as a worker thread.');
const say = (message: PlannerMessage): void => port.postMessage(message);

/** At 19, the most, a plan that a request waits for would never be made in time on a busy core. */
const niceness = 5;

letRequestsGoFirst();
try {
  const { supergraphSdl, maxEvaluatedPlans } = workerData as PlannerData;
  const { apiSchemaSdl, plan } = createPlanOperations(supergraphSdl, maxEvaluatedPlans);
  port.on('message', ({ id, source, operationName }: PlanRequest) => {
    try {
      say({ kind: 'plan', id, plan: plan(parse(source), operationName) });
    } catch (error) {
      say({ kind: 'failed', id, reason: (error as Error).message });
    }
  });
  say({ kind: 'ready', apiSchemaSdl });
} catch (error) {
  say({ kind: 'unusable', reason: (error as Error).message });
}

/** Linux keeps the priority of each thread; elsewhere it would be that of the whole process. */
function letRequestsGoFirst(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Math.min(getPriority() + niceness, 19));
  } catch {
    // Where this is forbidden, planning takes turns with requests.
  }
}
