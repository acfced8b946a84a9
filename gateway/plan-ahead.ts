/** Plans and analyses registered operations as a gateway would, for gateways that are given both and load no planner. */
import {
  buildSchema,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { readCostDirectives } from './demand/cost-directives.ts';
import { createPricing } from './demand/pricing.ts';
import { createPlanNames } from './execution/plan-names.ts';
import { analyseOperation, type OperationAnalysis } from './operation/analyse.ts';
import { writeAnalysis } from './operation/written-analysis.ts';
import type { RegisteredOperation } from './persisted/safelist.ts';
import { createPlanOperations } from './planning/plan-operations.ts';
import { type PreparedPlan, type PreparedPlans, toPreparedPlan } from './planning/prepared-plans.ts';
import type { PlanNode } from './planning/query-plan.ts';
import { toPreparedPlans } from './prepared-operations.ts';
import { defaultListSize } from './settings/limit-settings.ts';

export interface PlanAhead {
  /** What clients may ask, as SDL. */
  readonly apiSchemaSdl: string;
  readonly schema: GraphQLSchema;
  /**
   * Holds the thread that calls it.
   *
   * @throws GraphQLError for a document that the schema does not answer, Error with the planner's reason
   */
  plan(operation: Pick<RegisteredOperation, 'body' | 'name'>): PlannedOperation;
}

export interface PlannedOperation {
  readonly analysis: OperationAnalysis;
  readonly node: PlanNode | undefined;
  readonly prepared: PreparedPlan;
}

const maxTokens = 10_000;

/** @throws Error with the planner's reason when the supergraph cannot be planned over */
export function createPlanAhead(supergraphSdl: string): PlanAhead {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  const planNames = createPlanNames(supergraph);
  const pricing = createPricing(readCostDirectives(supergraph), defaultListSize);
  const planner = createPlanOperations(supergraphSdl);
  const schema = buildSchema(planner.apiSchemaSdl, { assumeValid: true });
  return {
    apiSchemaSdl: planner.apiSchemaSdl,
    schema,
    plan({ body, name }) {
      const document = parse(body, { maxTokens, noLocation: true });
      const [problem] = validate(schema, document, specifiedRules, { maxErrors: 1 });
      if (problem) throw problem;
      const operation = getOperationAST(document, name);
      if (!operation) throw new GraphQLError(`The document has no operation ${name}.`);
      const analysis = analyseOperation(schema, pricing, document, operation);
      const source = planNames.toPlannedSource(document, body);
      const plan = planner.plan(source === body ? document : parse(source, { noLocation: true }), name);
      const written = writeAnalysis(document, analysis, pricing);
      return { analysis, node: plan.node, prepared: toPreparedPlan({ body, name }, source, plan, written) };
    },
  };
}

/**
 * Each document and operation once, however many clients have registered it. What the supergraph does not answer, or
 * cannot be planned, is left out.
 *
 * @throws Error with the planner's reason when the supergraph cannot be planned over
 */
export function planAhead(
  supergraphSdl: string,
  operations: Iterable<Pick<RegisteredOperation, 'body' | 'name'>>,
): PreparedPlans {
  const { apiSchemaSdl, plan } = createPlanAhead(supergraphSdl);
  const plans = new Map<string, PreparedPlan>();
  for (const operation of operations) {
    const key = `${operation.name} ${operation.body}`;
    if (plans.has(key)) continue;
    try {
      plans.set(key, plan(operation).prepared);
    } catch {
      // Who runs it is told the reason, as of any operation that does not fit.
    }
  }
  return toPreparedPlans(apiSchemaSdl, [...plans.values()]);
}
