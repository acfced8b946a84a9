/** The planner's thread: loads Apollo's query planner over one supergraph and answers one question at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import {
  operationFromDocument,
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph,
} from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { parse, printSchema } from 'graphql';
import { finishPlan } from './finish-plan.ts';
import type { QueryPlan } from './query-plan.ts';
import { separateRequiredArguments } from './required-arguments.ts';
import { withResolvableKeysFirst } from './resolvable-keys.ts';

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

try {
  const { supergraphSdl, maxEvaluatedPlans } = workerData as PlannerData;
  const original = withResolvableKeysFirst(parse(supergraphSdl, { noLocation: true }));
  const supportedFeatures = ROUTER_SUPPORTED_SUPERGRAPH_FEATURES;
  const validated = Supergraph.build(original, { supportedFeatures, validateSupergraph: true });
  const separated = separateRequiredArguments(original);
  // Taking the real fields out of requirements leaves external fields without a use, which validation would refuse.
  const supergraph =
    separated.requiredArguments.size === 0
      ? validated
      : Supergraph.build(separated.supergraph, { supportedFeatures, validateSupergraph: false });
  const planner = new QueryPlanner(supergraph, {
    // Re-using the document's fragments takes time exponential in their nesting.
    reuseQueryFragments: false,
    debug: { maxEvaluatedPlans },
  });
  const apiSchema = supergraph.apiSchema();
  port.on('message', ({ id, source, operationName }: PlanRequest) => {
    try {
      const operation = operationFromDocument(apiSchema, parse(source), { operationName });
      // Through JSON, because a plan also holds objects that cannot be sent.
      const plan = JSON.parse(JSON.stringify(planner.buildQueryPlan(operation))) as QueryPlan;
      say({ kind: 'plan', id, plan: finishPlan(plan, separated) });
    } catch (error) {
      say({ kind: 'failed', id, reason: (error as Error).message });
    }
  });
  say({ kind: 'ready', apiSchemaSdl: printSchema(apiSchema.toGraphQLJSSchema()) });
} catch (error) {
  say({ kind: 'unusable', reason: (error as Error).message });
}
