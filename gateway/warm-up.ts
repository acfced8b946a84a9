/** Prepares registered operations before a generation takes over: parsed, validated and planned, so that none waits. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Engine } from './execution/execute.ts';
import type { Analyse } from './operation/analyse.ts';
import { checkSource, type SourceLimits } from './operation/check-source.ts';
import type { DocumentStore } from './operation/document-store.ts';
import type { RegisteredOperation } from './persisted/safelist.ts';

export interface WarmUpOptions {
  readonly operations: Iterable<RegisteredOperation>;
  readonly schema: GraphQLSchema;
  readonly engine: Engine;
  readonly documents: DocumentStore;
  readonly validationRules: readonly ValidationRule[];
  readonly analyse: Analyse;
  readonly limits: SourceLimits & { readonly maxTokens: number };
  /** Told of an operation that this schema does not answer; it is refused when it is asked. */
  readonly onMisfit: (misfit: { operation: string; reason: string }) => void;
}

/** The number of operations that are ready. Lets requests through between one operation and the next. */
export async function warmUp(options: WarmUpOptions): Promise<number> {
  let ready = 0;
  for (const { body, name } of options.operations) {
    await setImmediate();
    try {
      await prepare(body, options);
      ready += 1;
    } catch (error) {
      options.onMisfit({ operation: name, reason: (error as Error).message });
    }
  }
  return ready;
}

async function prepare(source: string, options: WarmUpOptions): Promise<void> {
  const { schema, engine, documents, validationRules, limits, analyse } = options;
  checkSource(source, limits);
  const document: DocumentNode = parse(source, { maxTokens: limits.maxTokens });
  const [problem] = validate(schema, document, [...specifiedRules, ...validationRules], { maxErrors: 1 });
  if (problem) throw problem;
  const analysis = analyse(document, undefined);
  if (!analysis) throw new GraphQLError('The document holds several operations.');
  const documentHash = createHash('sha256').update(source).digest('hex');
  await engine.prepare({ document, source, documentHash, operation: analysis.operation });
  documents.keep(documentHash, document, source);
}
