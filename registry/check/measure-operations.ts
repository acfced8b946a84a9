/** Validates, plans and prices registered operations under one supergraph: what a gateway would make of them. */
import { evaluatePrice } from '../../gateway/demand/price.ts';
import { createPlanAhead, type PlanAhead } from '../../gateway/plan-ahead.ts';
import type { PreparedPlan } from '../../gateway/planning/prepared-plans.ts';
import type { PlanNode } from '../../gateway/planning/query-plan.ts';
import { sampleVariables } from './sample-variables.ts';

export interface OperationText {
  readonly id: string;
  readonly name: string;
  readonly body: string;
}

/** The least that one execution fetches and costs, with made-up variables; or why it does not run at all. */
export type Measure = { readonly fetches: number; readonly cost: number } | { readonly problem: string };

/** By `measureKey`. */
export type Measures = Readonly<Record<string, Measure>>;

export function measureKey({ id, name }: Pick<OperationText, 'id' | 'name'>): string {
  return `${id} ${name}`;
}

export interface Measured {
  readonly measure: Measure;
  /** Where it has a plan. */
  readonly prepared?: PreparedPlan;
}

export interface MeasureOperations extends Pick<PlanAhead, 'apiSchemaSdl'> {
  /** Holds the thread that calls it. */
  measure(operation: OperationText): Measured;
}

/** @throws Error with the planner's reason when the supergraph cannot be planned over */
export function createMeasureOperations(supergraphSdl: string): MeasureOperations {
  const { apiSchemaSdl, schema, plan } = createPlanAhead(supergraphSdl);
  return {
    apiSchemaSdl,
    measure(operation) {
      try {
        const { analysis, node, prepared } = plan(operation);
        const cost = evaluatePrice(analysis.price, sampleVariables(schema, analysis.operation));
        return { measure: { fetches: node ? countFetches(node) : 0, cost }, prepared };
      } catch (error) {
        return { measure: { problem: (error as Error).message } };
      }
    },
  };
}

function countFetches(node: PlanNode): number {
  switch (node.kind) {
    case 'Fetch':
      return 1;
    case 'Sequence':
    case 'Parallel':
      return node.nodes.reduce((count, child) => count + countFetches(child), 0);
    case 'Flatten':
      return countFetches(node.node);
    case 'Condition':
      return (
        (node.ifClause ? countFetches(node.ifClause) : 0) +
        (node.elseClause ? countFetches(node.elseClause) : 0)
      );
    default:
      return 0;
  }
}
