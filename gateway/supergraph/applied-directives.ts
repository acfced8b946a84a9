/** Finds where a supergraph applies a directive of a linked specification, under whatever name it was imported. */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  Kind,
  type TypeDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';

/** Arguments of one application, defaults not filled in. */
export type DirectiveArguments = Readonly<Record<string, unknown>>;

/** Applications by schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`. */
export type AppliedDirectives = ReadonlyMap<string, readonly DirectiveArguments[]>;

/**
 * Applications of `@directive` of the specification `https://specs.apollo.dev/{spec}`.
 * Names follow the link specification: imported under their own or another name, else prefixed by the namespace.
 */
export function findAppliedDirectives(
  supergraph: DocumentNode,
  spec: string,
  directive: string,
): AppliedDirectives {
  const names = linkedNames(supergraph, spec, directive);
  const found = new Map<string, DirectiveArguments[]>();
  if (names.size === 0) return found;
  const collect = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined): void => {
    for (const applied of directives ?? []) {
      if (!names.has(applied.name.value)) continue;
      found.set(coordinate, [...(found.get(coordinate) ?? []), toArguments(applied)]);
    }
  };
  for (const definition of supergraph.definitions) {
    if (isTypeDefinition(definition)) collectFromType(definition, collect);
  }
  return found;
}

type Collect = (coordinate: string, directives: readonly ConstDirectiveNode[] | undefined) => void;

function collectFromType(type: TypeDefinitionNode, collect: Collect): void {
  collect(type.name.value, type.directives);
  if (!('fields' in type)) return;
  for (const field of type.fields ?? []) {
    const coordinate = `${type.name.value}.${field.name.value}`;
    collect(coordinate, field.directives);
    if (field.kind !== Kind.FIELD_DEFINITION) continue;
    for (const argument of field.arguments ?? []) {
      collect(`${coordinate}(${argument.name.value}:)`, argument.directives);
    }
  }
}

const typeDefinitionKinds: readonly string[] = [
  Kind.SCALAR_TYPE_DEFINITION,
  Kind.OBJECT_TYPE_DEFINITION,
  Kind.INTERFACE_TYPE_DEFINITION,
  Kind.UNION_TYPE_DEFINITION,
  Kind.ENUM_TYPE_DEFINITION,
  Kind.INPUT_OBJECT_TYPE_DEFINITION,
];

function isTypeDefinition(definition: { kind: string }): definition is TypeDefinitionNode {
  return typeDefinitionKinds.includes(definition.kind);
}

/** Imported or not, a directive can be written with its namespace too. */
function linkedNames(supergraph: DocumentNode, spec: string, directive: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const link of readLinks(supergraph)) {
    if (!isSpecUrl(link.url, spec)) continue;
    for (const entry of Array.isArray(link.import) ? link.import : []) {
      if (entry === `@${directive}`) names.add(directive);
      if (entry?.name === `@${directive}`) names.add(String(entry.as ?? entry.name).slice(1));
    }
    const namespace = typeof link.as === 'string' ? link.as : spec;
    names.add(`${namespace}__${directive}`);
    if (directive === spec) names.add(namespace);
  }
  return names;
}

/** What the schema of a supergraph links to, by `@link` or the older `@core`. */
export function readLinks(
  supergraph: DocumentNode,
): readonly (DirectiveArguments & { readonly url: string })[] {
  return supergraph.definitions
    .flatMap((definition) =>
      definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
        ? (definition.directives ?? [])
        : [],
    )
    .map(toArguments)
    .map(({ url, feature, ...others }) => ({ ...others, url: String(url ?? feature ?? '') }));
}

export function isSpecUrl(url: string, spec: string): boolean {
  return new RegExp(`^https://specs\\.apollo\\.dev/${spec}(/v\\d+\\.\\d+)?/?$`).test(url);
}

function toArguments(directive: ConstDirectiveNode): DirectiveArguments {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}
