/** Which fields an operation asks of one object type, or of an interface, with the Boolean variables that each depends on. */
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Variables and the values they must have; empty when the field is always asked. */
export type Inclusion = readonly { readonly variable: string; readonly value: boolean }[];

/** One place where a field is asked; places are numbered in the order of the document. */
export interface Occurrence {
  readonly place: number;
  readonly inclusion: Inclusion;
}

/** A selection set that counts only under a condition. */
export interface ConditionalSelections {
  readonly selectionSet: SelectionSetNode;
  readonly inclusion: Inclusion;
}

export interface CollectedField {
  readonly responseName: string;
  readonly node: FieldNode;
  /** Of each occurrence; any of them suffices. The first that holds says where the field stands in the response. */
  readonly occurrences: readonly Occurrence[];
  /** Of all nodes with this response name. */
  readonly selections: readonly ConditionalSelections[];
}

/** The named fragments of a document. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

export function fragmentsOf(document: DocumentNode): Fragments {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/** In the order of the response. */
export function collectFields(
  schema: GraphQLSchema,
  fragments: Fragments,
  type: GraphQLObjectType | GraphQLInterfaceType,
  selections: readonly ConditionalSelections[],
): CollectedField[] {
  const fields = new Map<string, CollectedField>();
  let places = 0;

  const visit = ({ selectionSet, inclusion }: ConditionalSelections, spread: ReadonlySet<string>): void => {
    for (const selection of selectionSet.selections) {
      const own = inclusionOf(selection, inclusion);
      if (!own) continue;
      if (selection.kind === Kind.FIELD) {
        addField(selection, own);
        continue;
      }
      const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
      if (name !== undefined && spread.has(`${name} ${JSON.stringify(own)}`)) continue;
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(String(name));
      if (!fragment || !holds(schema, type, fragment.typeCondition?.name.value)) continue;
      const inside = name === undefined ? spread : new Set([...spread, `${name} ${JSON.stringify(own)}`]);
      visit({ selectionSet: fragment.selectionSet, inclusion: own }, inside);
    }
  };

  const addField = (node: FieldNode, inclusion: Inclusion): void => {
    const responseName = node.alias?.value ?? node.name.value;
    const known = fields.get(responseName);
    const selection = node.selectionSet ? [{ selectionSet: node.selectionSet, inclusion }] : [];
    fields.set(responseName, {
      responseName,
      node: known?.node ?? node,
      occurrences: [...(known?.occurrences ?? []), { place: places++, inclusion }],
      selections: [...(known?.selections ?? []), ...selection],
    });
  };

  for (const selection of selections) visit(selection, new Set());
  return [...fields.values()];
}

function holds(
  schema: GraphQLSchema,
  type: GraphQLObjectType | GraphQLInterfaceType,
  condition: string | undefined,
): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditionType = schema.getType(condition);
  return isAbstractType(conditionType) && schema.isSubType(conditionType, type);
}

/** `undefined` when a literal says that the selection is never asked. */
function inclusionOf(selection: SelectionNode, outer: Inclusion): Inclusion | undefined {
  let inclusion = outer;
  for (const directive of selection.directives ?? []) {
    const value =
      directive.name.value === 'include' ? true : directive.name.value === 'skip' ? false : undefined;
    if (value === undefined) continue;
    const condition = conditionOf(directive);
    if (typeof condition === 'string') {
      if (inclusion.some((known) => known.variable === condition && known.value !== value)) return undefined;
      if (!inclusion.some((known) => known.variable === condition)) {
        inclusion = [...inclusion, { variable: condition, value }];
      }
    } else if (condition !== value) return undefined;
  }
  return inclusion;
}

/** A variable's name, or the literal. */
function conditionOf(directive: DirectiveNode): string | boolean | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return value.name.value;
  return value?.kind === Kind.BOOLEAN ? value.value : undefined;
}
