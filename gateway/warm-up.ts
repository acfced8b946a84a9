/** Prepares registered operations: parsed, validated, priced and planned, so that no request waits for it. */
import { hash } from 'node:crypto';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { evaluatePrice } from './demand/price.ts';
import { RequestError } from './errors.ts';
import type { Engine } from './execution/execute.ts';
import type { Analyse, OperationAnalysis } from './operation/analyse.ts';
import type { DocumentStore } from './operation/document-store.ts';
import type { ReadDocument } from './operation/read-documents.ts';
import type { Pace } from './pace.ts';
import type { RegisteredOperation } from './persisted/safelist.ts';
import type { PreparedOperations } from './prepared-operations.ts';

export interface WarmUpOptions {
  readonly operations: Iterable<RegisteredOperation>;
  readonly schema: GraphQLSchema;
  readonly engine: Engine;
  readonly documents: DocumentStore;
  readonly readDocument: ReadDocument;
  readonly prepared: PreparedOperations;
  /** Beside those of GraphQL itself; they concern introspection alone. */
  readonly introspectionRules: readonly ValidationRule[];
  readonly analyse: Analyse;
  readonly limits: { readonly maxCost: number };
  readonly pace: Pace;
  /** Told of an operation that this schema does not answer, or not with its default variables: it is refused when asked. */
  readonly onMisfit: (misfit: { operation: string; reason: string }) => void;
}

const introspection = /__(?:schema|type)\b/;

/**
 * The number of operations that are ready.
 *
 * @throws what is no fault of an operation, such as a planner that does not start
 */
export async function warmUp(options: WarmUpOptions): Promise<number> {
  let ready = 0;
  for (const operation of options.operations) {
    await options.pace();
    try {
      await prepare(operation, options);
      ready += 1;
    } catch (error) {
      if (!(error instanceof GraphQLError || error instanceof RequestError)) throw error;
      options.onMisfit({ operation: operation.name, reason: error.message });
    }
  }
  return ready;
}

async function prepare(operation: RegisteredOperation, options: WarmUpOptions): Promise<void> {
  const { body: source, name, type } = operation;
  const { engine, documents, analyse, prepared } = options;
  const documentHash = hash('sha256', source);
  const document = documents.find(source)?.document ?? readValid(source, documentHash, options);
  const analysis = analyse(document, name, prepared.analysisOf(documentHash, name));
  if (!analysis) throw new GraphQLError('The document has no operation of this name.');
  if (analysis.operation.operation !== type)
    throw new GraphQLError(`It is registered as a ${type}, and is a ${analysis.operation.operation}.`);
  await engine.prepare({ document, source, documentHash, operation: analysis.operation });
  documents.keep({ document, source, documentHash });
  checkPrice(analysis, options);
}

function readValid(
  source: string,
  documentHash: string,
  { schema, readDocument, prepared, introspectionRules }: WarmUpOptions,
): DocumentNode {
  const document = readDocument(source);
  if (prepared.isValid(documentHash) && !introspection.test(source)) return document;
  const [problem] = validate(schema, document, [...specifiedRules, ...introspectionRules], { maxErrors: 1 });
  if (problem) throw problem;
  return document;
}

/** One that must be given variables has no price before it is asked. */
function checkPrice(
  { operation, price }: OperationAnalysis,
  { schema, limits: { maxCost }, onMisfit }: WarmUpOptions,
): void {
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], {});
  const cost = coerced ? evaluatePrice(price, coerced) : 0;
  if (cost <= maxCost) return;
  const reason = `It costs ${cost} with its default variables; one request may cost ${maxCost}.`;
  onMisfit({ operation: operation.name?.value ?? '', reason });
}
