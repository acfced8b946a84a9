/** Takes fields out of a schema, and then all that cannot be reached or stand without them. */
import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type NamedTypeNode,
  print,
  specifiedScalarTypes,
  type TypeNode,
  visit,
} from 'graphql';

/**
 * A type without fields goes, a field that returns what is gone, an interface that its implementation no longer
 * fulfils. Root types stay, also without fields.
 */
export function hideFields(
  { definitions: all }: DocumentNode,
  roots: ReadonlySet<string>,
  isShown: (typeName: string, fieldName: string) => boolean,
): DocumentNode {
  let definitions = all.map((definition) =>
    keepFields(definition, (field, owner) => isShown(owner, field.name.value)),
  );
  for (let before = ''; ; ) {
    definitions = withoutHidden(definitions, roots);
    const now = print({ kind: Kind.DOCUMENT, definitions });
    if (now === before) return { kind: Kind.DOCUMENT, definitions: onlyReachable(definitions, roots) };
    before = now;
  }
}

function keepFields(
  definition: DefinitionNode,
  isShown: (field: FieldDefinitionNode, owner: string) => boolean,
): DefinitionNode {
  if (!isComposite(definition)) return definition;
  return {
    ...definition,
    fields: (definition.fields ?? []).filter((field) => isShown(field, definition.name.value)),
  };
}

/** One round: types without fields go, then what returns or joins them. */
function withoutHidden(definitions: readonly DefinitionNode[], roots: ReadonlySet<string>): DefinitionNode[] {
  const left = definitions.filter((definition) => {
    if (isComposite(definition))
      return (definition.fields ?? []).length > 0 || roots.has(definition.name.value);
    return definition.kind !== Kind.UNION_TYPE_DEFINITION || (definition.types ?? []).length > 0;
  });
  const fieldsOf = new Map(
    left
      .filter(isComposite)
      .map(({ name, fields = [] }) => [name.value, new Set(fields.map((field) => field.name.value))]),
  );
  const names = new Set([
    ...specifiedScalarTypes.map(({ name }) => name),
    ...left.flatMap((definition) => ('name' in definition ? (definition.name?.value ?? []) : [])),
  ]);
  const isLeft = ({ name }: NamedTypeNode): boolean => names.has(name.value);
  return left.map((definition) => {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION)
      return { ...definition, types: (definition.types ?? []).filter(isLeft) };
    if (!isComposite(definition)) return definition;
    const own = fieldsOf.get(definition.name.value) ?? new Set<string>();
    // An implementation that hides a field of its interface does not show the interface.
    const interfaces = (definition.interfaces ?? []).filter(({ name }) =>
      [...(fieldsOf.get(name.value) ?? [''])].every((field) => own.has(field)),
    );
    return keepFields({ ...definition, interfaces }, ({ type }) => isLeft(namedTypeOf(type)));
  });
}

/** Input types, enums and scalars show only where something visible uses them; implementations show with their interface. */
function onlyReachable(definitions: readonly DefinitionNode[], roots: ReadonlySet<string>): DefinitionNode[] {
  const byName = new Map(
    definitions.flatMap((definition) =>
      'name' in definition && definition.name ? [[definition.name.value, definition] as const] : [],
    ),
  );
  const implementations = new Map<string, string[]>();
  for (const definition of definitions.filter(isComposite)) {
    for (const { name } of definition.interfaces ?? [])
      implementations.set(name.value, [...(implementations.get(name.value) ?? []), definition.name.value]);
  }
  const reached = new Set<string>();
  const waiting = [...roots];
  for (const definition of definitions.filter(({ kind }) => kind === Kind.DIRECTIVE_DEFINITION))
    visit(definition as ASTNode, { [Kind.NAMED_TYPE]: (type) => void waiting.push(type.name.value) });
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const definition = byName.get(name);
    if (!definition || reached.has(name)) continue;
    reached.add(name);
    waiting.push(...(implementations.get(name) ?? []));
    visit(definition as ASTNode, { [Kind.NAMED_TYPE]: (type) => void waiting.push(type.name.value) });
  }
  return definitions.filter(
    (definition) =>
      !('name' in definition && definition.name) ||
      definition.kind === Kind.DIRECTIVE_DEFINITION ||
      reached.has(definition.name.value),
  );
}

type CompositeDefinition = Extract<
  DefinitionNode,
  { kind: Kind.OBJECT_TYPE_DEFINITION | Kind.INTERFACE_TYPE_DEFINITION }
>;

function isComposite(definition: DefinitionNode): definition is CompositeDefinition {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
  );
}

function namedTypeOf(type: TypeNode): NamedTypeNode {
  return type.kind === Kind.NAMED_TYPE ? type : namedTypeOf(type.type);
}
