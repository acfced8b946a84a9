/** Apollo's query planner over one supergraph, and what clients may ask of it; the only file that loads the planner. */
import {
  operationFromDocument,
  ROUTER_SUPPORTED_SUPERGRAPH_FEATURES,
  Supergraph,
} from '@apollo/federation-internals';
import { QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, parse, printSchema } from 'graphql';
import { finishPlan } from './finish-plan.ts';
import type { QueryPlan } from './query-plan.ts';
import { separateRequiredArguments } from './required-arguments.ts';
import { withResolvableKeysFirst } from './resolvable-keys.ts';

export interface PlanOperations {
  /** What clients may ask, as SDL. */
  readonly apiSchemaSdl: string;
  /** Holds the thread that calls it. @throws Error with the planner's reason */
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan;
}

/**
 * @param maxEvaluatedPlans alternatives that the planner compares before it takes the best so far
 * @throws Error with the planner's reason when the supergraph cannot be planned over
 */
export function createPlanOperations(supergraphSdl: string, maxEvaluatedPlans = 500): PlanOperations {
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
  return {
    apiSchemaSdl: printSchema(apiSchema.toGraphQLJSSchema()),
    plan(document, operationName) {
      const operation = operationFromDocument(apiSchema, document, { operationName });
      // Through JSON, because a plan also holds objects that cannot be sent.
      const plan = JSON.parse(JSON.stringify(planner.buildQueryPlan(operation))) as QueryPlan;
      return finishPlan(plan, separated);
    },
  };
}
