/** The price of an operation by the letter: every fragment written out, every argument coerced anew, nothing remembered. */
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLInputType,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { coerceVariables } from '../../../gateway/operation/variables.ts';
import type { CostOf, PricedSchema } from './cost-of.ts';

/** What a field above said of lists below: the way there, and the items. */
interface Announced {
  readonly way: readonly string[];
  readonly items: number;
}

/** @throws Error saying `refused` where a page size is not one, or not given as it must be */
export function toNaiveCostOf({ schema, directives, defaultListSize }: PricedSchema): CostOf {
  return (source, given = {}) => {
    const document = parse(source);
    const operation = getOperationAST(document);
    const root = operation && schema.getRootType(operation.operation);
    if (!operation || !root) throw new Error('There is no such operation.');
    const variables = coerceVariables(schema, operation, given);
    const fragments = new Map(
      document.definitions.flatMap((definition): [string, FragmentDefinitionNode][] =>
        definition.kind === 'FragmentDefinition' ? [[definition.name.value, definition]] : [],
      ),
    );
    const possible = (type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
      isAbstractType(type) ? schema.getPossibleTypes(type) : [type];

    const ofSet = (
      { selections }: SelectionSetNode,
      type: GraphQLCompositeType,
      reachable: readonly GraphQLObjectType[],
      announced: readonly Announced[],
    ): number => {
      let cost = 0;
      for (const selection of selections)
        if (isAsked(selection)) cost += ofSelection(selection, type, reachable, announced);
      return cost;
    };

    const isAsked = (selection: SelectionNode): boolean =>
      getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if !== false;

    const ofSelection = (
      selection: SelectionNode,
      type: GraphQLCompositeType,
      reachable: readonly GraphQLObjectType[],
      announced: readonly Announced[],
    ): number => {
      if (selection.kind === 'Field') return ofField(selection, type, announced);
      const fragment = selection.kind === 'InlineFragment' ? selection : fragments.get(selection.name.value);
      if (!fragment) throw new Error('There is no such fragment.');
      const condition = fragment.typeCondition
        ? (typeFromAST(schema, fragment.typeCondition) as GraphQLCompositeType)
        : type;
      const left = reachable.filter((object) => possible(condition).includes(object));
      return left.length === 0 ? 0 : ofSet(fragment.selectionSet, condition, left, announced);
    };

    const ofField = (
      node: FieldNode,
      type: GraphQLCompositeType,
      announced: readonly Announced[],
    ): number => {
      const field = 'getFields' in type ? type.getFields()[node.name.value] : undefined;
      if (!field) return 0;
      const coordinate = `${type.name}.${field.name}`;
      const args = getArgumentValues(field, node, variables);
      const returned = getNamedType(field.type);
      const listSize = directives.listSizes.get(coordinate);

      let items: number | undefined;
      if (listSize) {
        const slices = listSize.slicingArguments
          .filter((path) => field.args.some(({ name }) => name === path.split('.')[0]))
          .map((path) => path.split('.').reduce<unknown>(stepInto, args));
        const counts = slices.filter((count) => count !== undefined && count !== null);
        if (slices.length > 0 && listSize.requireOneSlicingArgument && counts.length !== 1)
          throw new Error('refused');
        for (const count of counts) {
          const size = Array.isArray(count) ? count.length : Number(count);
          if (!(size >= 0)) throw new Error('refused');
          items = Math.max(items ?? 0, size);
        }
        items ??= listSize.assumedSize;
      }

      const further = announced.flatMap(({ way: [step, ...way], items: announcedItems }) =>
        step === field.name && way.length > 0 ? [{ way, items: announcedItems }] : [],
      );
      if (items !== undefined)
        for (const path of listSize?.sizedFields ?? []) further.unshift({ way: path.split('.'), items });

      let below = 0;
      if (node.selectionSet && isCompositeType(returned))
        below = ofSet(node.selectionSet, returned, possible(returned), further);

      let times = 1;
      if (isListType(getNullableType(field.type))) {
        const above = announced.find(({ way }) => way.length === 1 && way[0] === field.name)?.items;
        const own = listSize?.sizedFields.length ? undefined : items;
        times = above ?? own ?? defaultListSize;
      }
      let cost =
        times * ((weightOf(coordinate, returned.name) ?? (isCompositeType(returned) ? 1 : 0)) + below);
      for (const { name, type: argumentType } of field.args)
        cost += ofInput(argumentType, args[name], directives.weights.get(`${coordinate}(${name}:)`));
      return cost;
    };

    const weightOf = (...coordinates: string[]): number | undefined =>
      coordinates
        .map((coordinate) => directives.weights.get(coordinate))
        .find((weight) => weight !== undefined);

    const ofInput = (type: GraphQLInputType, value: unknown, weight: number | undefined): number => {
      if (value === undefined || value === null) return 0;
      const nullable = getNullableType(type);
      if (isListType(nullable)) {
        let cost = weight ?? 0;
        for (const item of value as unknown[]) cost += ofInput(nullable.ofType, item, undefined);
        return cost;
      }
      if (!isInputObjectType(nullable)) return weight ?? 0;
      let cost = weight ?? 1;
      for (const [name, member] of Object.entries(nullable.getFields()))
        cost += ofInput(
          member.type,
          stepInto(value, name),
          directives.weights.get(`${nullable.name}.${name}`),
        );
      return cost;
    };

    const base = operation.operation === 'mutation' ? 10 : 0;
    return Math.min(base + ofSet(operation.selectionSet, root, [root], []), Number.MAX_SAFE_INTEGER);
  };
}

function stepInto(value: unknown, name: string): unknown {
  return value === null || typeof value !== 'object' ? undefined : (value as Record<string, unknown>)[name];
}
