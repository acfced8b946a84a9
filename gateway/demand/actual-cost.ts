/** Counts what an answer really cost: the prices of the estimate, for the items that came instead of those expected. */
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import {
  type AnswerShape,
  createAnswerShape,
  type PricedField,
  type PricedTypes,
  type Values,
} from './answer-shape.ts';

/** What an operation's answer cost; an answer without data costs what asking does. */
export type CountCost = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Values,
  data: Values | null | undefined,
) => number;

/** Writing costs this much beside what it returns, as in the estimate. */
const mutationBase = 10;

/** Works out once per operation where in its answers anything has a price; the memory goes with the document. */
export function createCountCost(types: PricedTypes): CountCost {
  const known = new WeakMap<OperationDefinitionNode, AnswerShape>();
  return (document, operation, variables, data) => {
    const shape = known.get(operation) ?? createAnswerShape(types, document, operation);
    known.set(operation, shape);
    const base = operation.operation === 'mutation' ? mutationBase : 0;
    return base + (data ? countFields(shape, data, { variables, argumentCosts: new Map() }) : 0);
  };
}

interface Run {
  readonly variables: Values;
  /** Known from the first object on that has the field. */
  readonly argumentCosts: Map<PricedField, number>;
}

function countFields({ fields }: AnswerShape, data: Values, run: Run): number {
  let cost = 0;
  for (const field of fields) {
    const value = data[field.responseName];
    // `@skip`, `@include` and fragments need no judging: what was not asked is not in the answer.
    if (value === undefined) continue;
    cost += countValue(field, value, run);
    if (field.argumentCost) cost += countArguments(field, field.argumentCost, run);
  }
  return cost;
}

function countValue(field: PricedField, value: unknown, run: Run): number {
  if (value === null) return field.weight ?? field.shape?.weight ?? 0;
  if (Array.isArray(value)) {
    let cost = 0;
    for (const item of value) cost += countValue(field, item, run);
    return cost;
  }
  if (!field.shape) return field.weight ?? 0;
  const data = value as Values;
  const shape = field.shape.ofType?.(data.__typename) ?? field.shape;
  return (field.weight ?? shape.weight ?? 1) + countFields(shape, data, run);
}

function countArguments(field: PricedField, costOf: (variables: Values) => number, run: Run): number {
  const cost = run.argumentCosts.get(field) ?? costOf(run.variables);
  run.argumentCosts.set(field, cost);
  return cost;
}
