/** What the arguments of a field cost: input objects 1 each, anything else what `@cost` says, each counted once. */
import {
  type GraphQLField,
  type GraphQLInputType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql';
import type { CostDirectives } from './cost-directives.ts';

type Values = Readonly<Record<string, unknown>>;
type Weights = CostDirectives['weights'];

/** @param coordinate of the field, such as `Query.search` */
export function costOfArguments(
  weights: Weights,
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  values: Values,
): number {
  return sum(
    field.args.map(({ name, type }) =>
      costOfInput(weights, type, values[name], weights.get(`${coordinate}(${name}:)`)),
    ),
  );
}

export function costOfInput(
  weights: Weights,
  type: GraphQLInputType,
  value: unknown,
  weight: number | undefined,
): number {
  if (value === null || value === undefined) return 0;
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    const items = Array.isArray(value) ? value : [value];
    return (weight ?? 0) + sum(items.map((item) => costOfInput(weights, nullable.ofType, item, undefined)));
  }
  if (!isInputObjectType(nullable)) return weight ?? 0;
  const fields = Object.values(nullable.getFields()).map((field) =>
    costOfInput(
      weights,
      field.type,
      (value as Values)[field.name],
      weights.get(`${nullable.name}.${field.name}`),
    ),
  );
  return (weight ?? 1) + sum(fields);
}

function sum(costs: readonly number[]): number {
  return costs.reduce((total, cost) => total + cost, 0);
}
