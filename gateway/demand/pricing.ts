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
import { toConditions } from './inclusion.ts';
import { check, choice, type Price, product, sum } from './price.ts';
import { type PlaceOf, readPrice, type WrittenPrice, writePrice } from './written-price.ts';

/** Sizes that a field's `sizedFields` give to lists below it, by the path to them. */
export type Sizes = ReadonlyMap<string, Price>;

/** A field where an operation selects it. */
export interface SelectedField {
  readonly type: GraphQLCompositeType;
  readonly field: GraphQLField<unknown, unknown>;
  readonly node: FieldNode;
}

export interface PricedSelection {
  /** Of the field, once what it holds is priced. */
  withSelections(below: Price): Price;
  /** To be handed down to the fields below. */
  readonly sizes: Sizes | undefined;
}

export interface Pricing {
  /** @param sizes handed down by the field above */
  priceField(selected: SelectedField, sizes: Sizes | undefined): PricedSelection;
  /** Of a selection with its `@skip` and `@include`. */
  ifIncluded(selection: SelectionNode, price: Price): Price;
  sum(prices: readonly Price[]): Price;
  priceOperation(type: OperationTypeNode, selections: Price): Price;
  /** As JSON. */
  write(price: Price, placeOf: PlaceOf): WrittenPrice;
  /** @param selectedAt the field at a place @throws RangeError for what no price was written as */
  read(written: WrittenPrice, selectedAt: (type: number, node: number) => SelectedField): Price;
}

const mutationBase = 10;

/**
 * Formulas throw BAD_USER_INPUT when a page size is negative, or missing where exactly one is required.
 *
 * @param defaultListSize items to assume for a list that nothing sizes
 */
export function createPricing({ weights, listSizes }: CostDirectives, defaultListSize: number): Pricing {
  const coordinateOf = ({ type, field }: SelectedField): string => `${type.name}.${field.name}`;

  const priceArgument = (selected: SelectedField, name: string): Price => {
    const argument = selected.field.args.find((candidate) => candidate.name === name);
    const weight = weights.get(`${coordinateOf(selected)}(${name}:)`);
    if (!argument || (weight === undefined && !holdsInputObject(argument.type))) return 0;
    const value = toArgumentValue(argument, selected.node);
    return fold(selected, name, value.isFixed, (variables) =>
      costOfInput(weights, argument.type, valueIn(value, variables), weight),
    );
  };

  /** Not a number where the arguments leave it open; `undefined` where nothing is said of it. */
  const sizeOf = (selected: SelectedField): Price | undefined => {
    const coordinate = coordinateOf(selected);
    const listSize = listSizes.get(coordinate);
    return listSize && toSize(coordinate, listSize, selected);
  };

  return {
    priceField(selected, sizes) {
      const { field, node } = selected;
      const coordinate = coordinateOf(selected);
      const listSize = listSizes.get(coordinate);
      const ownSize = sizeOf(selected);
      const returned = getNamedType(field.type);
      const weight =
        weights.get(coordinate) ?? weights.get(returned.name) ?? (isCompositeType(returned) ? 1 : 0);
      const count = isListType(getNullableType(field.type))
        ? firstOf(
            [sizes?.get(field.name), listSize?.sizedFields.length ? undefined : ownSize],
            defaultListSize,
          )
        : 1;
      const beside = [
        ...field.args.map(({ name }) => priceArgument(selected, name)),
        ownSize === undefined ? 0 : check(ownSize),
      ];
      return {
        withSelections: (below) => sum([product(count, sum([weight, below])), ...beside]),
        sizes: sizesBelow(node.name.value, listSize, ownSize, sizes),
      };
    },
    ifIncluded(selection, price) {
      const conditions = toConditions(selection);
      if (!conditions || price === 0) return 0;
      return conditions.reduce<Price>(
        (below, condition) => ({ kind: 'condition', ...condition, price: below }),
        price,
      );
    },
    sum,
    priceOperation: (type, selections) =>
      type === 'mutation' ? sum([mutationBase, selections]) : selections,
    write: writePrice,
    read: (written, selectedAt) =>
      readPrice(written, (type, node, argument) => {
        const selected = selectedAt(type, node);
        const price = argument === null ? sizeOf(selected) : priceArgument(selected, argument);
        if (price === undefined) throw new RangeError('Nothing sizes this list.');
        return price;
      }),
  };
}

function toSize(coordinate: string, listSize: ListSize, selected: SelectedField): Price | undefined {
  const { field, node } = selected;
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
  const isFixed = slices.every(({ argument }) => argument.isFixed);
  return fold(selected, undefined, isFixed, sizeIn);
}

/** What is known now is computed now; unless it throws, since a field that is skipped asks for nothing. */
function fold(
  { type, node }: SelectedField,
  argument: string | undefined,
  isFixed: boolean,
  compute: (variables: Variables) => number,
): Price {
  const reading: Price = { kind: 'reading', type, node, argument, compute };
  if (!isFixed) return reading;
  try {
    return compute({});
  } catch {
    return reading;
  }
}

/** The first of the sizes that is set. */
function firstOf(sizes: readonly (Price | undefined)[], fallback: number): Price {
  return sizes.reduceRight<Price>(
    (otherwise, size) => (size === undefined ? otherwise : choice(size, otherwise)),
    fallback,
  );
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
