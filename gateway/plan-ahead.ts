/** Plans registered operations as a gateway would, for gateways that are given the plans and load no planner. */
import { buildSchema, type DocumentNode, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { createPlanNames } from './execution/plan-names.ts';
import type { RegisteredOperation } from './persisted/safelist.ts';
import { createPlanOperations } from './planning/plan-operations.ts';
import {
  type PreparedPlan,
  type PreparedPlans,
  planFormat,
  toPreparedPlan,
} from './planning/prepared-plans.ts';
import type { PlanNode } from './planning/query-plan.ts';

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
  readonly document: DocumentNode;
  readonly node: PlanNode | undefined;
  readonly prepared: PreparedPlan;
}

const maxTokens = 10_000;

/** @throws Error with the planner's reason when the supergraph cannot be planned over */
export function createPlanAhead(supergraphSdl: string): PlanAhead {
  const planNames = createPlanNames(parse(supergraphSdl, { noLocation: true }));
  const planner = createPlanOperations(supergraphSdl);
  const schema = buildSchema(planner.apiSchemaSdl, { assumeValid: true });
  return {
    apiSchemaSdl: planner.apiSchemaSdl,
    schema,
    plan({ body, name }) {
      const document = parse(body, { maxTokens, noLocation: true });
      const [problem] = validate(schema, document, specifiedRules, { maxErrors: 1 });
      if (problem) throw problem;
      const source = planNames.toPlannedSource(document, body);
      const plan = planner.plan(source === body ? document : parse(source, { noLocation: true }), name);
      return { document, node: plan.node, prepared: toPreparedPlan({ body, name }, source, plan) };
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
  return { planFormat, apiSchemaSdl, plans: [...plans.values()] };
}
