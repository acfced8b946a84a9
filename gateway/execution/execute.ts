/** The seam between the stages that decide about an operation and the engine that carries it out. */
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { SubgraphRequestContext } from '../upstream/subgraph-client.ts';

/** An operation that has passed every check. */
export interface ExecutableOperation {
  readonly document: DocumentNode;
  /** The document as text. */
  readonly source: string;
  /** Names the document in caches: SHA-256 of `source`. */
  readonly documentHash: string;
  readonly operation: OperationDefinitionNode;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** What introspection shows; default the API schema. */
  readonly visibleSchema?: GraphQLSchema;
}

/** What planning needs to know of an operation. */
export type PlannableOperation = Omit<ExecutableOperation, 'variables' | 'visibleSchema'>;

/** Plans and runs an operation over the subgraphs. Faults of a part are errors in the result, with path and code. */
export type Execute = (
  operation: ExecutableOperation,
  context: SubgraphRequestContext,
) => Promise<ExecutionResult>;

/** Made once for each generation of the schema. */
export interface Engine {
  /** What clients may ask. */
  readonly apiSchema: GraphQLSchema;
  readonly execute: Execute;
  /** Plans an operation ahead of its first request. */
  prepare(operation: PlannableOperation): Promise<void>;
  close(): Promise<void>;
}
