/**
 * Prices the parts of an operation by the schema's `@cost` and `@listSize`, as Apollo's demand control does.
 *
 * An object costs 1 and a scalar 0 unless `@cost` says otherwise; a list costs its items; a mutation 10 on top.
 */
import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isListType,
  type OperationTypeNode,
  type SelectionNode,
} from 'graphql';
import { RequestError } from '../errors.ts';
import { costOfInput } from './argument-cost.ts';
import { toArgumentValue, type Variables, valueIn } from './argument-value.ts';
import type { CostDirectives, ListSize } from './cost-directives.ts';
import { toInclusion } from './inclusion.ts';
import { type Price, product, sum } from './price.ts';

/** Sizes that a field's `sizedFields` give to lists below it, by the path to them. */
export type Sizes = ReadonlyMap<string, Price>;

/** A field where an operation selects it. */
export interface PricedField {
  readonly type: GraphQLCompositeType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
  /** Handed down by the field above. */
  readonly sizes: Sizes | undefined;
}

export interface PricedSelection {
  /** Of the field, once what it holds is priced. */
  withSelections(below: Price): Price;
  /** To be handed down to the fields below. */
  readonly sizes: Sizes | undefined;
}

export interface Pricing {
  priceField(selected: PricedField): PricedSelection;
  /** Of a selection with its `@skip` and `@include`. */
  ifIncluded(selection: SelectionNode, price: Price): Price;
  sum(prices: readonly Price[]): Price;
  priceOperation(type: OperationTypeNode, selections: Price): Price;
}

const mutationBase = 10;

/**
 * Formulas throw BAD_USER_INPUT when a page size is negative, or missing where exactly one is required.
 *
 * @param defaultListSize items to assume for a list that nothing sizes
 */
export function createPricing({ weights, listSizes }: CostDirectives, defaultListSize: number): Pricing {
  const priceArguments = (coordinate: string, { field, node }: PricedField): Price =>
    sum(
      field.args.map((argument) => {
        const weight = weights.get(`${coordinate}(${argument.name}:)`);
        if (weight === undefined && !holdsInputObject(argument.type)) return 0;
        const value = toArgumentValue(argument, node);
        return fold(value.isFixed, (variables) =>
          costOfInput(weights, argument.type, valueIn(value, variables), weight),
        );
      }),
    );

  return {
    priceField(selected) {
      const { type, field, node, sizes } = selected;
      const coordinate = `${type.name}.${field.name}`;
      const listSize = listSizes.get(coordinate);
      const ownSize = listSize && toSize(coordinate, listSize, selected);
      const returned = getNamedType(field.type);
      const weight =
        weights.get(coordinate) ?? weights.get(returned.name) ?? (isCompositeType(returned) ? 1 : 0);
      const count = isListType(getNullableType(field.type))
        ? firstOf(
            [sizes?.get(field.name), listSize?.sizedFields.length ? undefined : ownSize],
            defaultListSize,
          )
        : 1;
      const beside = [priceArguments(coordinate, selected), validityOf(ownSize)];
      return {
        withSelections: (below) => sum([product(count, sum([weight, below])), ...beside]),
        sizes: sizesBelow(node.name.value, listSize, ownSize, sizes),
      };
    },
    ifIncluded(selection, price) {
      const inclusion = toInclusion(selection);
      if (inclusion === true || price === 0) return price;
      if (inclusion === false) return 0;
      return { compute: (read, variables) => (inclusion(variables) ? read(price) : 0) };
    },
    sum,
    priceOperation: (type, selections) =>
      type === 'mutation' ? sum([mutationBase, selections]) : selections,
  };
}

/** Not a number where the arguments of a request leave the size open; `undefined` where no request can set it. */
function toSize(coordinate: string, listSize: ListSize, { field, node }: PricedField): Price | undefined {
  const { slicingArguments, assumedSize, requireOneSlicingArgument } = listSize;
  const slices = slicingArguments.flatMap((path) => {
    const [name, ...below] = path.split('.');
    const argument = field.args.find((candidate) => candidate.name === name);
    return argument ? [{ path, below, argument: toArgumentValue(argument, node) }] : [];
  });
  if (slices.length === 0) return assumedSize;
  const sizeIn = (variables: Variables): number => {
    const given = slices
      .map(({ path, below, argument }) => ({
        path,
        value: below.reduce(child, valueIn(argument, variables)),
      }))
      .filter(({ value }) => value !== undefined && value !== null);
    if (requireOneSlicingArgument && given.length !== 1) {
      throw new RequestError(
        'BAD_USER_INPUT',
        `${coordinate} takes exactly one of the arguments ${slicingArguments.join(', ')}; ${given.length} were given.`,
      );
    }
    const counts = given.map(({ path, value }) => toItemCount(coordinate, path, value));
    return counts.length > 0 ? Math.max(...counts) : (assumedSize ?? Number.NaN);
  };
  return fold(
    slices.every(({ argument }) => argument.isFixed),
    sizeIn,
  );
}

/** What is known now is computed now; unless it throws, since a field that is skipped asks for nothing. */
function fold(isFixed: boolean, compute: (variables: Variables) => number): Price {
  const formula: Price = { compute: (_read, variables) => compute(variables) };
  if (!isFixed) return formula;
  try {
    return compute({});
  } catch {
    return formula;
  }
}

/** Nothing, but a size that does not hold is refused also where no list takes it. */
function validityOf(size: Price | undefined): Price {
  if (size === undefined || typeof size === 'number') return 0;
  return {
    compute(read) {
      read(size);
      return 0;
    },
  };
}

/** The first of the sizes that is set. */
function firstOf(sizes: readonly (Price | undefined)[], fallback: number): Price {
  const [size, ...others] = sizes.filter((one) => one !== undefined && !Number.isNaN(one));
  if (size === undefined) return fallback;
  if (typeof size === 'number') return size;
  const next = firstOf(others, fallback);
  return {
    compute(read) {
      const count = read(size);
      return Number.isNaN(count) ? read(next) : count;
    },
  };
}

function toItemCount(coordinate: string, path: string, value: unknown): number {
  const count = Array.isArray(value) ? value.length : value;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0) return count;
  throw new RequestError('BAD_USER_INPUT', `The argument ${path} of ${coordinate} must not be negative.`);
}

function holdsInputObject(type: GraphQLInputType): boolean {
  return isInputObjectType(getNamedType(type));
}

function child(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** What this field hands on: its own sized fields, or the rest of a path such as `results.page` begun above. */
function sizesBelow(
  name: string,
  listSize: ListSize | undefined,
  size: Price | undefined,
  handedDown: Sizes | undefined,
): Sizes | undefined {
  const below = new Map<string, Price>();
  for (const [path, handed] of handedDown ?? []) {
    if (path.startsWith(`${name}.`)) below.set(path.slice(name.length + 1), handed);
  }
  if (size !== undefined) for (const path of listSize?.sizedFields ?? []) below.set(path, size);
  return below.size > 0 ? below : undefined;
}
