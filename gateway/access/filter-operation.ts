/** Takes what is denied out of an operation, fragments written out, and says where the answer then has a null. */
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isNonNullType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
  visit,
} from 'graphql';

/** A level of the answer: the object there, when it is one of these types, has this key. */
export interface Step {
  readonly key: string;
  /** Absent where every type that may stand there is meant. */
  readonly typeNames?: ReadonlySet<string>;
}

/** Something that was asked and is not answered. */
export interface Removal {
  /** From the root to what is denied. */
  readonly steps: readonly Step[];
  /** How many steps lead to the null; fewer than all where a non-null field is denied, none where no data is left. */
  readonly nullAt: number;
  /** `@skip` and `@include` on the way. */
  readonly conditions: readonly DirectiveNode[];
}

export interface FilteredOperation {
  /** Absent when nothing is left. */
  readonly operation?: OperationDefinitionNode;
  readonly removals: readonly Removal[];
  /** Under this key every object whose type matters says what it is. */
  readonly typeKey: string;
}

/** Judged under the type that the document names, each object type possible there, and the interfaces of both. */
export type IsDenied = (typeNames: readonly string[], node: FieldNode, steps: readonly Step[]) => boolean;

interface Place {
  readonly type: GraphQLCompositeType;
  readonly scope: readonly GraphQLObjectType[];
  /** Whether fewer types are possible than the field that leads here may return. */
  readonly isNarrowed: boolean;
  readonly steps: readonly Step[];
  readonly conditions: readonly DirectiveNode[];
}

interface Filtered {
  readonly selections: readonly SelectionNode[];
  readonly removals: readonly Removal[];
  /** The object cannot stand without what was removed. */
  readonly isVoid: boolean;
}

/**
 * A denied field is taken out at each place by itself, under its type condition. A denied non-null field takes the
 * nearest nullable field around it along. A nullable field of which nothing is left is not asked either; of a non-null
 * one the type is asked, for it must be there.
 */
export function filterOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  isDenied: IsDenied,
): FilteredOperation {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const typeKey = freeKey(document);

  const filterSelections = (selectionSet: SelectionSetNode, place: Place): Filtered => {
    const parts = selectionSet.selections.map((selection) =>
      selection.kind === Kind.FIELD ? filterField(selection, place) : filterFragment(selection, place),
    );
    return {
      selections: parts.flatMap(({ selections }) => selections),
      removals: parts.flatMap(({ removals }) => removals),
      isVoid: parts.some(({ isVoid }) => isVoid),
    };
  };

  const filterFragment = (selection: Exclude<SelectionNode, FieldNode>, place: Place): Filtered => {
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const condition = fragment?.typeCondition ? typeFromAST(schema, fragment.typeCondition) : place.type;
    if (!fragment || !isCompositeType(condition)) return nothing;
    const scope = place.scope.filter((type) => possibleTypes(schema, condition).includes(type));
    if (scope.length === 0) return nothing;
    const { selections, ...rest } = filterSelections(fragment.selectionSet, {
      ...place,
      ...{ type: condition, scope, isNarrowed: place.isNarrowed || scope.length < place.scope.length },
      conditions: [...place.conditions, ...conditionsOf(selection)],
    });
    const { typeCondition } = fragment;
    const { directives } = selection;
    const inlined: SelectionNode = {
      kind: Kind.INLINE_FRAGMENT,
      ...(typeCondition && { typeCondition }),
      ...(directives && { directives }),
      selectionSet: { kind: Kind.SELECTION_SET, selections },
    };
    return { ...rest, selections: selections.length > 0 ? [inlined] : [] };
  };

  const filterField = (node: FieldNode, place: Place): Filtered => {
    const field = 'getFields' in place.type ? place.type.getFields()[node.name.value] : undefined;
    const kept = { ...nothing, selections: [node] };
    if (!field) return kept; // `__typename`, or introspection
    const inner = stepInto(node, place);
    const isNonNull = [field, ...place.scope.map((type) => type.getFields()[field.name])].some(
      (declared) => declared && isNonNullType(declared.type),
    );
    if (isDenied(judgesOf(place), node, inner.steps)) {
      const removal = { steps: inner.steps, conditions: inner.conditions };
      return isNonNull
        ? { selections: [], removals: [{ ...removal, nullAt: place.steps.length }], isVoid: true }
        : { selections: [], removals: [{ ...removal, nullAt: inner.steps.length }], isVoid: false };
    }
    const returned = getNamedType(field.type);
    if (!node.selectionSet || !isCompositeType(returned)) return kept;
    const scope = possibleTypes(schema, returned);
    const { selections, removals, isVoid } = filterSelections(node.selectionSet, {
      ...{ type: returned, scope, isNarrowed: false },
      ...inner,
    });
    if (isVoid) {
      const nullAt = isNonNull ? place.steps.length : inner.steps.length;
      return {
        selections: [],
        removals: removals.map((removal) => raise(removal, nullAt)),
        isVoid: isNonNull,
      };
    }
    if (selections.length === 0 && removals.length > 0 && !isNonNull) return { ...nothing, removals };
    const isTyped = removals.some(({ steps }) => steps[inner.steps.length]?.typeNames);
    const marked = isTyped || selections.length === 0 ? [typeNameAs(typeKey), ...selections] : selections;
    return {
      selections: [{ ...node, selectionSet: { kind: Kind.SELECTION_SET, selections: marked } }],
      removals,
      isVoid: false,
    };
  };

  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation}.`);
  const { selections, removals, isVoid } = filterSelections(operation.selectionSet, {
    ...{ type: root, scope: [root], isNarrowed: false, steps: [], conditions: [] },
  });
  if (isVoid || selections.length === 0) return { removals, typeKey };
  return { operation: withSelections(operation, selections), removals, typeKey };
}

const nothing: Filtered = { selections: [], removals: [], isVoid: false };

/** Where a field's own selections stand. */
function stepInto(node: FieldNode, place: Place): Pick<Place, 'steps' | 'conditions'> {
  const key = node.alias?.value ?? node.name.value;
  const typeNames = place.isNarrowed ? new Set(place.scope.map(({ name }) => name)) : undefined;
  return {
    steps: [...place.steps, typeNames ? { key, typeNames } : { key }],
    conditions: [...place.conditions, ...conditionsOf(node)],
  };
}

function judgesOf({ type, scope }: Place): string[] {
  const judges = isUnionType(type) ? scope : [type, ...scope];
  return judges.flatMap((judge) => [judge.name, ...judge.getInterfaces().map(({ name }) => name)]);
}

function raise(removal: Removal, nullAt: number): Removal {
  return { ...removal, nullAt: Math.min(removal.nullAt, nullAt) };
}

function conditionsOf({ directives = [] }: SelectionNode): readonly DirectiveNode[] {
  return directives.filter(({ name }) => name.value === 'skip' || name.value === 'include');
}

function possibleTypes(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

function typeNameAs(key: string): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: key },
    name: { kind: Kind.NAME, value: '__typename' },
  };
}

/** A key that the document does not use. */
function freeKey(document: DocumentNode): string {
  const used = new Set<string>();
  visit(document, { [Kind.NAME]: ({ value }) => void used.add(value) });
  let key = 'typeOfFiltered';
  while (used.has(key)) key += '_';
  return key;
}

/** Variables that nothing uses any more are no longer declared. */
function withSelections(
  operation: OperationDefinitionNode,
  selections: readonly SelectionNode[],
): OperationDefinitionNode {
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  const used = new Set<string>();
  visit(selectionSet, { [Kind.VARIABLE]: ({ name }) => void used.add(name.value) });
  const { variableDefinitions = [] } = operation;
  return {
    ...operation,
    variableDefinitions: variableDefinitions.filter(({ variable }) => used.has(variable.name.value)),
    selectionSet,
  };
}
