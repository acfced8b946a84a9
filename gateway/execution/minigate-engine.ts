/** Runs operations by our own executor over plans that Apollo's planner makes in a worker thread. */
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { buildSchemaOnDemand } from '../build-schema.ts';
import { RequestError } from '../errors.ts';
import type { Pace } from '../pace.ts';
import type { ParseSchema } from '../parse-schema.ts';
import type { Planner } from '../planning/planner.ts';
import type { SubgraphClient, SubgraphTarget } from '../upstream/subgraph-client.ts';
import { compileOperation, type RunOperation } from './compile-operation.ts';
import type { Engine, PlannableOperation } from './execute.ts';
import { createPlanNames } from './plan-names.ts';
import { readPossibleTypes } from './possible-types.ts';

export interface MinigateEngineOptions {
  readonly supergraph: DocumentNode;
  readonly targets: ReadonlyMap<string, SubgraphTarget>;
  readonly planner: Planner;
  readonly subgraphs: SubgraphClient;
  /** Of what clients may ask. */
  readonly parseSchema: ParseSchema;
  readonly pace: Pace;
}

/** An operation prepared ahead is trusted, and no request waits for it: a busy machine must not lose it. */
const prepareLimitMs = 10_000;

export async function createMinigateEngine({
  supergraph,
  targets,
  planner,
  subgraphs,
  parseSchema,
  pace,
}: MinigateEngineOptions): Promise<Engine> {
  const document = await parseSchema(planner.apiSchemaSdl, pace);
  const schema = buildSchemaOnDemand(document);
  await pace();
  const planNames = createPlanNames(supergraph);
  const parts = { schema, targets, subgraphs, possibleTypes: readPossibleTypes(supergraph), planNames };
  // Forgotten together with the document, so that the document store bounds both.
  const compiled = new WeakMap<OperationDefinitionNode, Promise<RunOperation>>();

  const compile = async (
    { source, document, operation }: PlannableOperation,
    limitMs?: number,
  ): Promise<RunOperation> => {
    const planned = planNames.toPlannedSource(document, source);
    const plan = await planner.plan(planned, operation.name?.value, limitMs);
    return compileOperation(plan, document, operation, parts);
  };

  const ready = (operation: PlannableOperation, limitMs?: number): Promise<RunOperation> => {
    const known = compiled.get(operation.operation);
    if (known) return known;
    const compiling = compile(operation, limitMs);
    compiled.set(operation.operation, compiling);
    // Too much to do now says nothing about the operation; that it cannot be planned is worth remembering.
    compiling.catch((error: unknown) => {
      if (error instanceof RequestError && error.code === 'OVERLOADED') compiled.delete(operation.operation);
    });
    return compiling;
  };

  return {
    apiSchema: schema,
    execute: async (operation, context) =>
      (await ready(operation))(operation.variables, context, operation.visibleSchema),
    async prepare(operation) {
      await ready(operation, prepareLimitMs);
    },
    close: () => planner.close(),
  };
}
