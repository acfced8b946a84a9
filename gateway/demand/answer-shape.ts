/** Where in an operation's answers anything has a price, worked out once, so that the rest need not be walked. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  typeFromAST,
} from 'graphql';
import { costOfArguments } from './argument-cost.ts';
import type { CostDirectives } from './cost-directives.ts';

export type Values = Readonly<Record<string, unknown>>;

export interface PricedTypes {
  readonly schema: GraphQLSchema;
  readonly weights: CostDirectives['weights'];
}

/** What objects of one kind cost, and which of their fields may cost something. */
export interface AnswerShape {
  /** What `@cost` says of the object's type. */
  readonly weight: number | undefined;
  readonly fields: readonly PricedField[];
  /** The shape of one object type, where an abstract type stands and the answer tells the type by `__typename`. */
  readonly ofType: ((typeName: unknown) => AnswerShape | undefined) | undefined;
}

export interface PricedField {
  readonly responseName: string;
  /** What `@cost` says of the field or, for a scalar, of its type; of each item. */
  readonly weight: number | undefined;
  readonly argumentCost: ((variables: Values) => number) | undefined;
  /** Of the objects that the field holds; `undefined` for scalars. */
  readonly shape: AnswerShape | undefined;
}

/** Expects a document that validates against the schema. */
export function createAnswerShape(
  types: PricedTypes,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): AnswerShape {
  const root = types.schema.getRootType(operation.operation);
  if (!root) return { weight: undefined, fields: [], ofType: undefined };
  return createShapeOf(types, document)([{ type: root, set: operation.selectionSet }], root);
}

/** A selection set and the type in whose name its fields are written. */
interface Selections {
  readonly type: GraphQLCompositeType;
  readonly set: SelectionSetNode;
}

/** A field where it is asked, in the name of a type. */
interface Occurrence {
  readonly type: GraphQLCompositeType;
  readonly node: FieldNode;
}

interface Use {
  readonly coordinate: string;
  readonly node: FieldNode;
  readonly field: GraphQLField<unknown, unknown>;
}

/** Of objects of a type; of an abstract type or several, with all the fields that any object may have. */
type ShapeOf = (selections: readonly Selections[], type: GraphQLCompositeType | undefined) => AnswerShape;

function createShapeOf({ schema, weights }: PricedTypes, document: DocumentNode): ShapeOf {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const shapes = new Map<string, AnswerShape>();
  const ids = new Map<SelectionSetNode, number>();
  const idOf = (set: SelectionSetNode): number => {
    const id = ids.get(set) ?? ids.size;
    ids.set(set, id);
    return id;
  };

  const shapeOf: ShapeOf = (selections, type) => {
    const key = `${type?.name} ${selections.map(({ set }) => idOf(set)).join()}`;
    const known = shapes.get(key);
    if (known) return known;
    const nodes = collect(selections, type);
    const fields = [...nodes].flatMap(([name, each]) => toPricedField(name, each));
    const shape: AnswerShape = {
      weight: type && weights.get(type.name),
      fields,
      ofType: isAbstractType(type) && tellsType(nodes) ? narrowing(selections, type) : undefined,
    };
    shapes.set(key, shape);
    return shape;
  };

  const narrowing = (selections: readonly Selections[], type: GraphQLAbstractType) => {
    const objects = new Map<unknown, AnswerShape | undefined>();
    return (typeName: unknown): AnswerShape | undefined => {
      if (objects.has(typeName)) return objects.get(typeName);
      const object = schema.getPossibleTypes(type).find(({ name }) => name === typeName);
      const shape = object && shapeOf(selections, object);
      objects.set(typeName, shape);
      return shape;
    };
  };

  /** By response name. A selection set is visited once however often it is spread: what is asked twice comes once. */
  const collect = (selections: readonly Selections[], of: GraphQLCompositeType | undefined) => {
    const nodes = new Map<string, Occurrence[]>();
    const seen = new Set<SelectionSetNode>();
    const visit = ({ type, set }: Selections): void => {
      if (seen.has(set)) return;
      seen.add(set);
      for (const selection of set.selections) {
        if (selection.kind === Kind.FIELD) {
          const name = selection.alias?.value ?? selection.name.value;
          nodes.set(name, [...(nodes.get(name) ?? []), { type, node: selection }]);
          continue;
        }
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        const condition = fragment?.typeCondition ? typeFromAST(schema, fragment.typeCondition) : type;
        if (!fragment || !isCompositeType(condition)) continue;
        if (!isObjectType(of) || holds(condition, of)) visit({ type: condition, set: fragment.selectionSet });
      }
    };
    for (const each of selections) visit(each);
    return nodes;
  };

  const holds = (condition: GraphQLCompositeType, object: GraphQLObjectType): boolean =>
    condition === object || (isAbstractType(condition) && schema.isSubType(condition, object));

  /** None for a field that is free. Where several may stand under one name, the dearest weight counts. */
  const toPricedField = (responseName: string, occurrences: readonly Occurrence[]): PricedField[] => {
    const uses = occurrences.flatMap(({ type, node }) => {
      const field = 'getFields' in type ? type.getFields()[node.name.value] : undefined;
      return field ? [{ coordinate: `${type.name}.${field.name}`, node, field }] : [];
    });
    const returned = new Set(uses.map(({ field }) => getNamedType(field.type)));
    const [only] = returned.size === 1 ? returned : [];
    const selections = uses.flatMap(({ node, field }) => {
      const type = getNamedType(field.type);
      return node.selectionSet && isCompositeType(type) ? [{ type, set: node.selectionSet }] : [];
    });
    const own = highest(uses.map(({ coordinate }) => weights.get(coordinate)));
    const shape =
      selections.length > 0 ? shapeOf(selections, isCompositeType(only) ? only : undefined) : undefined;
    const weight = shape ? own : (own ?? highest([...returned].map(({ name }) => weights.get(name))));
    const argumentCost = argumentCostOf(uses);
    return shape || weight || argumentCost ? [{ responseName, weight, argumentCost, shape }] : [];
  };

  const argumentCostOf = (uses: readonly Use[]): PricedField['argumentCost'] => {
    const use = uses.find(({ coordinate, field }) =>
      field.args.some(
        ({ name, type }) => weights.has(`${coordinate}(${name}:)`) || isInputObjectType(getNamedType(type)),
      ),
    );
    if (!use) return undefined;
    const { coordinate, field, node } = use;
    return (variables) =>
      costOfArguments(weights, coordinate, field, getArgumentValues(field, node, variables));
  };

  return shapeOf;
}

/** A field under the alias `__typename` would let a client choose which type's prices hold. */
function tellsType(nodes: ReadonlyMap<string, readonly Occurrence[]>): boolean {
  return nodes.get('__typename')?.every(({ node }) => node.name.value === '__typename') ?? false;
}

function highest(weights: readonly (number | undefined)[]): number | undefined {
  const known = weights.filter((weight) => weight !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
