/** Makes of an operation and its plan one function that runs it for a request. */
import { setImmediate } from 'node:timers/promises';
import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { RequestError } from '../errors.ts';
import type { QueryPlan } from '../planning/query-plan.ts';
import type { SubgraphClient, SubgraphRequestContext, SubgraphTarget } from '../upstream/subgraph-client.ts';
import { type CollectedField, collectFields, type Fragments, fragmentsOf } from './collect-fields.ts';
import { compileFetch, type FetchContext } from './compile-fetch.ts';
import { type FetchStep, toFetchGraph, UnsupportedPlanError } from './fetch-graph.ts';
import { compileIntrospection } from './introspect.ts';
import type { PlanNames } from './plan-names.ts';
import type { PossibleTypes } from './possible-types.ts';
import { compileProjection } from './projection.ts';
import { ProjectionReport } from './projection-report.ts';
import { runPlan } from './run-plan.ts';

export type RunOperation = (
  variables: Readonly<Record<string, unknown>>,
  request: SubgraphRequestContext,
  visibleSchema?: GraphQLSchema,
) => Promise<ExecutionResult>;

export interface OperationParts {
  readonly schema: GraphQLSchema;
  readonly targets: ReadonlyMap<string, SubgraphTarget>;
  readonly subgraphs: SubgraphClient;
  readonly possibleTypes: PossibleTypes;
  readonly planNames: PlanNames;
}

const maxFetches = 50;
const maxStages = 8;

/** @throws PLAN_TOO_EXPENSIVE for more fetches or stages than one request may have */
export function compileOperation(
  plan: QueryPlan,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  parts: OperationParts,
): RunOperation {
  const graph = toLimitedGraph(plan);
  const fragments = fragmentsOf(document);
  const steps = graph.map((step) => ({
    ...step,
    run: compileFetch(step, { ...parts, target: targetOf(step, parts.targets) }),
  }));
  const project = compileProjection(parts.schema, fragments, operation, parts.planNames.dataKey);
  const introspect = compileIntrospection(parts.schema, fragments, operation);
  const fetched = plan.node ? [] : fieldsToFetch(parts.schema, fragments, operation);

  return async (variables, request, visibleSchema) => {
    if (fetched.some((field) => isIncluded(field, variables))) {
      const extensions = { code: 'SUBGRAPH_ERROR' };
      return {
        data: null,
        errors: [new GraphQLError('No subgraph can answer this operation.', { extensions })],
      };
    }
    const data = { ...introspect?.(variables, visibleSchema) };
    const context: FetchContext = { data, variables, request, failures: new Map(), isLong: false };
    await runPlan(steps, context);
    if (context.isLong) await setImmediate();
    const report = new ProjectionReport(variables);
    const answer = project(data, report);
    report.addUnmet(context.failures);
    return report.errors.length > 0 ? { data: answer, errors: report.errors } : { data: answer };
  };
}

function toLimitedGraph(plan: QueryPlan): FetchStep[] {
  const graph = readGraph(plan);
  const stages = Math.max(0, ...graph.map(({ stage }) => stage + 1));
  if (graph.length > maxFetches || stages > maxStages) {
    throw new RequestError(
      'PLAN_TOO_EXPENSIVE',
      `The operation needs ${graph.length} fetches in ${stages} stages; ${maxFetches} in ${maxStages} are allowed.`,
    );
  }
  return graph;
}

function readGraph(plan: QueryPlan): FetchStep[] {
  try {
    return toFetchGraph(plan);
  } catch (error) {
    if (!(error instanceof UnsupportedPlanError)) throw error;
    throw new RequestError('GRAPHQL_VALIDATION_FAILED', error.message);
  }
}

function targetOf({ fetch }: FetchStep, targets: OperationParts['targets']): SubgraphTarget {
  const target = targets.get(fetch.serviceName);
  if (!target) throw new Error(`The supergraph has no address of the subgraph ${fetch.serviceName}.`);
  return target;
}

/** A plan without fetches for an operation that asks for data is the planner's way to say that nobody can answer. */
function fieldsToFetch(
  schema: GraphQLSchema,
  fragments: Fragments,
  operation: OperationDefinitionNode,
): CollectedField[] {
  const root = schema.getRootType(operation.operation);
  if (!root) return [];
  const selections = [{ selectionSet: operation.selectionSet, inclusion: [] }];
  return collectFields(schema, fragments, root, selections).filter(
    ({ node }) => !node.name.value.startsWith('__'),
  );
}

function isIncluded({ occurrences }: CollectedField, variables: Readonly<Record<string, unknown>>): boolean {
  return occurrences.some(({ inclusion }) =>
    inclusion.every(({ variable, value }) => variables[variable] === value),
  );
}
