/**
 * Prices an operation before it runs, from the schema's `@cost` and `@listSize` and the request's variables.
 *
 * An object costs 1 and a scalar 0 unless `@cost` says otherwise; a list costs its items; a mutation 10 on top.
 */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLInputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { RequestError } from '../errors.ts';
import type { CostDirectives, ListSize } from './cost-directives.ts';

export interface PricedSchema {
  readonly schema: GraphQLSchema;
  readonly directives: CostDirectives;
  /** Items to assume for a list that nothing sizes. */
  readonly defaultListSize: number;
}

const mutationBase = 10;

export type EstimateCost = (
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) => number;

/** Prices an operation that declares no variables once, any other anew for each request. */
export function createEstimateCost(priced: PricedSchema): EstimateCost {
  const fixed = new WeakMap<OperationDefinitionNode, number>();
  return (document, operation, variables) => {
    const known = fixed.get(operation);
    if (known !== undefined) return known;
    const cost = estimateCost(priced, document, operation, variables);
    if (!operation.variableDefinitions?.length) fixed.set(operation, cost);
    return cost;
  };
}

/** The estimated cost; at most `Number.MAX_SAFE_INTEGER`. @throws BAD_USER_INPUT for a negative or missing page size */
export function estimateCost(
  priced: PricedSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): number {
  const { schema, directives, defaultListSize } = priced;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  /** Costs already known, so that fragments which spread each other are priced once each. */
  const known = new Map<SelectionSetNode, Map<string, number>>();

  const costOfSelections = (
    selections: SelectionSetNode,
    type: GraphQLCompositeType,
    pushed: PushedSizes,
  ): number => {
    const key = `${type.name} ${JSON.stringify(pushed)}`;
    const costs = known.get(selections) ?? new Map<string, number>();
    const cost =
      costs.get(key) ?? add(...selections.selections.map((selection) => costOf(selection, type, pushed)));
    known.set(selections, costs.set(key, cost));
    return cost;
  };

  const costOf = (selection: SelectionNode, type: GraphQLCompositeType, pushed: PushedSizes): number => {
    if (!isIncluded(selection, variables)) return 0;
    if (selection.kind === Kind.FIELD) return costOfField(selection, type, pushed);
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return 0;
    const condition = fragment.typeCondition ? typeFromAST(schema, fragment.typeCondition) : type;
    return isCompositeType(condition) ? costOfSelections(fragment.selectionSet, condition, pushed) : 0;
  };

  const costOfField = (node: FieldNode, type: GraphQLCompositeType, pushed: PushedSizes): number => {
    const field = 'getFields' in type ? type.getFields()[node.name.value] : undefined;
    if (!field) return 0;
    const coordinate = `${type.name}.${field.name}`;
    const values = getArgumentValues(field, node, variables);
    const listSize = directives.listSizes.get(coordinate);
    const size = listSize && sizeFrom(coordinate, listSize, values);
    const returned = getNamedType(field.type);
    const weight =
      directives.weights.get(coordinate) ??
      directives.weights.get(returned.name) ??
      (isCompositeType(returned) ? 1 : 0);
    const below =
      node.selectionSet && isCompositeType(returned)
        ? costOfSelections(node.selectionSet, returned, childSizes(node.name.value, listSize, size, pushed))
        : 0;
    const count = isList(field)
      ? (pushed[field.name] ?? (listSize?.sizedFields.length ? undefined : size) ?? defaultListSize)
      : 1;
    return add(multiply(count, add(weight, below)), costOfArguments(coordinate, field, values));
  };

  const costOfArguments = (
    coordinate: string,
    field: GraphQLField<unknown, unknown>,
    values: Values,
  ): number =>
    add(
      ...field.args
        .filter(({ name }) => values[name] !== undefined && values[name] !== null)
        .map(({ name, type }) =>
          costOfInput(type, values[name], directives.weights.get(`${coordinate}(${name}:)`)),
        ),
    );

  const costOfInput = (type: GraphQLInputType, value: unknown, weight: number | undefined): number => {
    const nullable = getNullableType(type);
    if (value === null || value === undefined) return 0;
    if (isListType(nullable)) {
      const items = Array.isArray(value) ? value : [value];
      return add(weight ?? 0, ...items.map((item) => costOfInput(nullable.ofType, item, undefined)));
    }
    if (!isInputObjectType(nullable)) return weight ?? 0;
    const fields = Object.values(nullable.getFields()).map((field) =>
      costOfInput(
        field.type,
        (value as Values)[field.name],
        directives.weights.get(`${nullable.name}.${field.name}`),
      ),
    );
    return add(weight ?? 1, ...fields);
  };

  const root = schema.getRootType(operation.operation);
  const base = operation.operation === 'mutation' ? mutationBase : 0;
  return root ? add(base, costOfSelections(operation.selectionSet, root, {})) : base;
}

type Values = Readonly<Record<string, unknown>>;

/** Sizes that a parent's `sizedFields` gives to lists below it, by field name. */
type PushedSizes = Readonly<Record<string, number>>;

function sizeFrom(coordinate: string, listSize: ListSize, values: Values): number | undefined {
  const given = listSize.slicingArguments
    .map((path) => ({ path, value: path.split('.').reduce<unknown>(child, values) }))
    .filter(({ value }) => value !== undefined && value !== null);
  if (listSize.slicingArguments.length > 0 && listSize.requireOneSlicingArgument && given.length !== 1) {
    throw new RequestError(
      'BAD_USER_INPUT',
      `${coordinate} takes exactly one of the arguments ${listSize.slicingArguments.join(', ')}; ${given.length} were given.`,
    );
  }
  const sizes = given.map(({ path, value }) => {
    const size = Array.isArray(value) ? value.length : value;
    if (typeof size === 'number' && Number.isInteger(size) && size >= 0) return size;
    throw new RequestError('BAD_USER_INPUT', `The argument ${path} of ${coordinate} must not be negative.`);
  });
  return sizes.length > 0 ? Math.max(...sizes) : listSize.assumedSize;
}

function child(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Values)[name] : undefined;
}

/** What this field hands on: its own sized fields, or the rest of a path such as `results.page` begun above. */
function childSizes(
  name: string,
  listSize: ListSize | undefined,
  size: number | undefined,
  pushed: PushedSizes,
): PushedSizes {
  const sizes: Record<string, number> = {};
  for (const [path, pushedSize] of Object.entries(pushed)) {
    if (path.startsWith(`${name}.`)) sizes[path.slice(name.length + 1)] = pushedSize;
  }
  for (const path of listSize?.sizedFields ?? []) {
    if (size !== undefined) sizes[path.replaceAll(/\s*[{]\s*/g, '.').replaceAll(/[\s}]/g, '')] = size;
  }
  return sizes;
}

function isList(field: GraphQLField<unknown, unknown>): boolean {
  return isListType(getNullableType(field.type));
}

function isIncluded(selection: SelectionNode, variables: Values): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false;
}

function add(...costs: readonly number[]): number {
  return Math.min(
    Number.MAX_SAFE_INTEGER,
    costs.reduce((sum, cost) => sum + cost, 0),
  );
}

function multiply(count: number, cost: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, count * cost);
}
