/** What a supergraph lets a field read beside what was asked: its `@requires`, `@provides` and `@fromContext`. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { findAppliedDirectives } from '../supergraph/applied-directives.ts';
import { namedTypeOf } from '../supergraph/named-type-of.ts';
import { oncePerNode } from '../supergraph/once-per-node.ts';

/** A field that another one reads. */
export interface Dependency {
  readonly typeName: string;
  readonly node: FieldNode;
}

/** What the field reads itself; what these read in turn is not in it. */
export type DependenciesOf = (typeName: string, fieldName: string) => readonly Dependency[];

/** Fields are read in the names of the supergraph, so that hidden ones are among them. */
export function readDependencies(supergraph: DocumentNode): DependenciesOf {
  const types = new Map<string, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>();
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    types.set(definition.name.value, definition);
  }
  const findField = (typeName: string, fieldName: string): FieldDefinitionNode | undefined => {
    const type = types.get(typeName);
    return type && fieldsOf(type).get(fieldName);
  };
  const contexts = readContexts(supergraph);

  const listFields = (typeName: string, selectionSet: SelectionSetNode): Dependency[] =>
    selectionSet.selections.flatMap((selection): Dependency[] => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return listFields(selection.typeCondition?.name.value ?? typeName, selection.selectionSet);
      const field = findField(typeName, selection.name.value);
      if (!field) return [];
      const below = selection.selectionSet;
      return [{ typeName, node: selection }, ...(below ? listFields(namedTypeOf(field.type), below) : [])];
    });

  const fromJoin = (typeName: string, returned: string, join: ConstDirectiveNode): Dependency[] => {
    const { requires, provides, contextArguments = [] } = toJoinField(join);
    return [
      ...(requires ? listFields(typeName, parseFieldSet(requires)) : []),
      ...(provides ? listFields(returned, parseFieldSet(provides)) : []),
      ...contextArguments.flatMap(({ context, selection }) =>
        (contexts.get(context) ?? []).flatMap((setting) => listFields(setting, parseFieldSet(selection))),
      ),
    ];
  };

  return (typeName, fieldName) => {
    const field = findField(typeName, fieldName);
    const joins = field?.directives?.filter(({ name }) => name.value === 'join__field') ?? [];
    return joins.flatMap((join) => fromJoin(typeName, field ? namedTypeOf(field.type) : '', join));
  };
}

const fieldsOf = oncePerNode(
  ({
    fields = [],
  }: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode): ReadonlyMap<string, FieldDefinitionNode> =>
    new Map(fields.map((field) => [field.name.value, field])),
);

interface JoinField {
  readonly requires?: string;
  readonly provides?: string;
  readonly contextArguments?: readonly { readonly context: string; readonly selection: string }[];
}

function toJoinField({ arguments: given = [] }: ConstDirectiveNode): JoinField {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}

/** The types that set a context, by its name. */
function readContexts(supergraph: DocumentNode): ReadonlyMap<string, readonly string[]> {
  const contexts = new Map<string, string[]>();
  for (const [typeName, applications] of findAppliedDirectives(supergraph, 'context', 'context')) {
    for (const { name } of applications)
      contexts.set(String(name), [...(contexts.get(String(name)) ?? []), typeName]);
  }
  return contexts;
}

function parseFieldSet(fields: string): SelectionSetNode {
  const source = fields.trim().startsWith('{') ? fields : `{ ${fields} }`;
  const [operation] = parse(source, { noLocation: true }).definitions;
  return (operation as OperationDefinitionNode).selectionSet;
}
