/** Answers a query without what is denied in it: filtered, planned and kept like any other operation. */
import { createHash } from 'node:crypto';
import { type DocumentNode, type GraphQLSchema, Kind, print } from 'graphql';
import type { PlannableOperation } from '../execution/execute.ts';
import type { OperationAnalysis } from '../operation/analyse.ts';
import type { Ruling } from './authorize.ts';
import { completeAnswer } from './complete-answer.ts';
import { type FilteredOperation, filterOperation } from './filter-operation.ts';
import type { Question, Questions } from './questions.ts';

interface Kept extends Omit<FilteredOperation, 'operation'> {
  readonly operation?: PlannableOperation;
}

export interface FilterRequest {
  readonly asked: PlannableOperation;
  readonly analysis: OperationAnalysis;
  readonly questions: Questions;
  readonly refused: ReadonlySet<Question>;
  /** Coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** More than this tells that the caller should ask something else. */
const maxRemovals = 100;

/** `undefined` when so much is denied that the whole is refused. @param maxKept the one unused for longest makes room */
export function createFilter(schema: GraphQLSchema, maxKept: number) {
  const kept = new Map<string, Kept>();
  const ids = new WeakMap<OperationAnalysis, number>();
  let nextId = 0;

  const recall = (key: string, make: () => Kept): Kept => {
    const filtered = kept.get(key) ?? make();
    kept.delete(key);
    kept.set(key, filtered);
    const [oldest] = kept.keys();
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    return filtered;
  };

  return ({ asked, analysis, questions, refused, variables }: FilterRequest): Ruling | undefined => {
    const id = ids.get(analysis) ?? nextId++;
    ids.set(analysis, id);
    const places = questions.all.flatMap((question, index) => (refused.has(question) ? [index] : []));
    const { operation, removals, typeKey } = recall(`${id}:${places.join()}`, () =>
      filterAsked(schema, asked, (typeNames, node) =>
        typeNames.some((name) => questions.of(name, node).some((question) => refused.has(question))),
      ),
    );
    if (removals.length > maxRemovals) return undefined;
    if (!operation) return { answer: completeAnswer({}, removals, typeKey, variables) };
    return { ...operation, complete: (result) => completeAnswer(result, removals, typeKey, variables) };
  };
}

function filterAsked(
  schema: GraphQLSchema,
  { document, operation }: PlannableOperation,
  isDenied: Parameters<typeof filterOperation>[3],
): Kept {
  const { operation: filtered, ...rest } = filterOperation(schema, document, operation, isDenied);
  if (!filtered) return rest;
  const own: DocumentNode = { kind: Kind.DOCUMENT, definitions: [filtered] };
  const source = print(own);
  const documentHash = createHash('sha256').update(source).digest('hex');
  return { ...rest, operation: { document: own, source, documentHash, operation: filtered } };
}
