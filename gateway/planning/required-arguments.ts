/**
 * Keeps apart what the planner would merge: a required field with arguments and the same field with others.
 *
 * The planner merges fields of one response name whatever their arguments. So each field with arguments inside a
 * `@requires` becomes, for the planner alone, a field of its own without arguments; in the finished plan it is the real
 * field again, under an alias.
 */
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/** The real field behind each one that was made up, by the made-up name. */
export type RequiredArguments = ReadonlyMap<string, FieldNode>;

type ObjectLike = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/** What a field requires, in whatever subgraph. */
export interface FieldNeeds {
  /** Of every required field the names on the way to it, joined by dots; made-up names where they stand. */
  readonly paths: ReadonlySet<string>;
  /** The made-up ones among them. */
  readonly madeUp: ReadonlySet<string>;
}

export interface SeparatedSupergraph {
  readonly supergraph: DocumentNode;
  readonly requiredArguments: RequiredArguments;
  /** By `Type.field`. */
  readonly needs: ReadonlyMap<string, FieldNeeds>;
  readonly objectTypes: ReadonlySet<string>;
}

export function separateRequiredArguments(supergraph: DocumentNode): SeparatedSupergraph {
  const types = new Map<string, ObjectLike>();
  for (const definition of supergraph.definitions) {
    if (isObjectLike(definition)) types.set(definition.name.value, definition);
  }
  const requiredArguments = new Map<string, FieldNode>();
  /** Made-up names by what they stand for, and the definitions that each type gets. */
  const madeUp = new Map<string, string>();
  const added = new Map<string, FieldDefinitionNode[]>();
  const needs = new Map<string, { paths: Set<string>; madeUp: Set<string> }>();

  const separate = (selectionSet: SelectionSetNode, type: ObjectLike | undefined): SelectionSetNode => ({
    ...selectionSet,
    selections: selectionSet.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition ? types.get(selection.typeCondition.name.value) : type;
        return { ...selection, selectionSet: separate(selection.selectionSet, condition) };
      }
      if (selection.kind !== Kind.FIELD) return selection;
      const definition = type?.fields?.find(({ name }) => name.value === selection.name.value);
      const inner = selection.selectionSet && {
        selectionSet: separate(selection.selectionSet, definition && types.get(namedType(definition))),
      };
      if (!type || !definition?.arguments?.length) return { ...selection, ...inner };
      return {
        ...selection,
        ...inner,
        name: { kind: Kind.NAME, value: makeUp(type, definition, selection) },
        arguments: [],
      };
    }),
  });

  const makeUp = (type: ObjectLike, definition: FieldDefinitionNode, field: FieldNode): string => {
    const call = print({ ...field, selectionSet: undefined });
    const key = `${type.name.value}.${call}`;
    const known = madeUp.get(key);
    if (known) return known;
    const name = `_r${madeUp.size}_${definition.name.value}`;
    madeUp.set(key, name);
    requiredArguments.set(name, { ...field, selectionSet: undefined });
    for (const owner of ownersOf(type, definition.name.value, types)) {
      const own = owner.fields?.find(({ name: fieldName }) => fieldName.value === definition.name.value);
      if (!own) continue;
      const copy = {
        ...own,
        name: { kind: Kind.NAME as const, value: name },
        arguments: [],
        description: undefined,
        directives: own.directives?.map((directive) => separateRequirement(directive, own, owner)),
      };
      added.set(owner.name.value, [...(added.get(owner.name.value) ?? []), hidden(copy)]);
    }
    return name;
  };

  const separateRequirement = (
    directive: ConstDirectiveNode,
    field: FieldDefinitionNode,
    type: ObjectLike,
  ): ConstDirectiveNode => {
    const requires = requiresOf(directive);
    if (requires === undefined) return directive;
    const [operation] = parse(`{ ${requires} }`).definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) return directive;
    const separated = separate(operation.selectionSet, type);
    const key = `${type.name.value}.${field.name.value}`;
    const { paths, madeUp } = needs.get(key) ?? { paths: new Set(), madeUp: new Set() };
    for (const path of pathsIn(separated)) {
      paths.add(path);
      const name = path.slice(path.lastIndexOf('.') + 1);
      if (requiredArguments.has(name)) madeUp.add(name);
    }
    needs.set(key, { paths, madeUp });
    const text = print(separated)
      .replace(/^\{|\}$/g, '')
      .trim();
    return withRequires(directive, text);
  };

  const rewritten = visit(supergraph, {
    [Kind.FIELD_DEFINITION](field: FieldDefinitionNode, _key, _parent, _path, ancestors) {
      const owner = ancestors.at(-1);
      const type = owner && 'kind' in owner && isObjectLike(owner) ? owner : undefined;
      const directives = type
        ? field.directives?.map((directive) => separateRequirement(directive, field, type))
        : field.directives;
      return { ...field, directives };
    },
  });
  const withFields = visit(rewritten, {
    enter(node) {
      if (!isObjectLike(node)) return undefined;
      const more = added.get(node.name.value);
      return more ? { ...node, fields: [...(node.fields ?? []), ...more] } : undefined;
    },
  });
  const objectTypes = new Set(
    [...types.values()]
      .filter(({ kind }) => kind === Kind.OBJECT_TYPE_DEFINITION)
      .map(({ name }) => name.value),
  );
  const parts = { requiredArguments, needs, objectTypes };
  return requiredArguments.size === 0
    ? { supergraph, ...parts }
    : { supergraph: withInaccessible(withFields), ...parts };
}

function pathsIn({ selections }: SelectionSetNode, above = ''): string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.INLINE_FRAGMENT) return pathsIn(selection.selectionSet, above);
    if (selection.kind !== Kind.FIELD) return [];
    const path = `${above}${selection.name.value}`;
    return [path, ...(selection.selectionSet ? pathsIn(selection.selectionSet, `${path}.`) : [])];
  });
}

function ownersOf(type: ObjectLike, fieldName: string, types: ReadonlyMap<string, ObjectLike>): ObjectLike[] {
  const implementers = [...types.values()].filter(({ interfaces }) =>
    interfaces?.some(({ name }) => name.value === type.name.value),
  );
  const interfaces = (type.interfaces ?? []).flatMap(({ name }) => types.get(name.value) ?? []);
  return [type, ...implementers, ...interfaces].filter(({ fields }) =>
    fields?.some(({ name }) => name.value === fieldName),
  );
}

const markInaccessible: ConstDirectiveNode = {
  kind: Kind.DIRECTIVE,
  name: { kind: Kind.NAME, value: 'inaccessible' },
};

/** Like the real field, but no client ever sees it. A requirement of the real field would be one of its own. */
function hidden(field: FieldDefinitionNode): FieldDefinitionNode {
  const kept = field.directives?.filter(({ name }) => name.value === 'join__field') ?? [];
  return { ...field, directives: [...kept, markInaccessible] };
}

function requiresOf({ name, arguments: args }: ConstDirectiveNode): string | undefined {
  if (name.value !== 'join__field') return undefined;
  const value = args?.find((argument) => argument.name.value === 'requires')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

function withRequires(directive: ConstDirectiveNode, requires: string): ConstDirectiveNode {
  const args = directive.arguments?.map((argument) =>
    argument.name.value === 'requires'
      ? { ...argument, value: { kind: Kind.STRING as const, value: requires } }
      : argument,
  );
  return { ...directive, arguments: args };
}

/** The supergraph with the specification of `@inaccessible`, if it had none. */
function withInaccessible(supergraph: DocumentNode): DocumentNode {
  if (/specs\.apollo\.dev\/inaccessible\//.test(print(supergraph))) return supergraph;
  const schema = supergraph.definitions.find(({ kind }) => kind === Kind.SCHEMA_DEFINITION);
  const [link, inaccessible] = parse(
    schema && /^schema\s+@core\(/.test(print(schema)) ? inaccessibleBefore2 : inaccessibleSince2,
  ).definitions;
  const links = link?.kind === Kind.SCHEMA_DEFINITION ? (link.directives ?? []) : [];
  const definitions = supergraph.definitions.map((node) =>
    node.kind === Kind.SCHEMA_DEFINITION
      ? { ...node, directives: [...(node.directives ?? []), ...links] }
      : node,
  );
  return { ...supergraph, definitions: inaccessible ? [...definitions, inaccessible] : definitions };
}

const inaccessibleSince2 = `
  schema @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION
`;
/** Supergraphs of federation 1 name their specifications by `@core`. */
const inaccessibleBefore2 = `
  schema @core(feature: "https://specs.apollo.dev/inaccessible/v0.1") { query: Query }
  directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
`;

function isObjectLike(node: { kind: string }): node is ObjectLike {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function namedType({ type }: FieldDefinitionNode): string {
  let named = type;
  while (named.kind !== Kind.NAMED_TYPE) named = named.type;
  return named.name.value;
}
