/** Reads a subgraph's schema as a list of coordinates with the federation directives on them, under their own names. */
import { type ConstDirectiveNode, type DocumentNode, Kind, parse, valueFromASTUntyped } from 'graphql';
import { isSpecUrl, readLinks } from '../../gateway/supergraph/applied-directives.ts';

export interface AppliedDirective {
  /** As the specification calls it, without `@`. */
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface SubgraphPart {
  readonly kind: 'object' | 'interface' | 'union' | 'enum' | 'input' | 'scalar' | 'field';
  readonly directives: readonly AppliedDirective[];
}

/** By coordinate: `Type` and `Type.field`; of what is extended several times the directives of all. */
export type SubgraphParts = ReadonlyMap<string, SubgraphPart>;

/** Specifications whose directives a subgraph may link to. */
export const knownSpecs = [
  ...['federation', 'link', 'core', 'tag', 'inaccessible', 'authenticated', 'requiresScopes', 'policy'],
  ...['cost', 'context', 'join', 'connect', 'source'],
];

/** @throws GraphQLError when it is no GraphQL */
export function readSubgraphParts(sdl: string): SubgraphParts {
  const document = parse(sdl, { noLocation: true });
  const toName = readDirectiveNames(document);
  const parts = new Map<string, SubgraphPart>();
  const add = (
    coordinate: string,
    kind: SubgraphPart['kind'],
    directives: readonly ConstDirectiveNode[] = [],
  ): void => {
    const applied = directives.map((directive) => ({
      name: toName(directive.name.value),
      args: Object.fromEntries(
        (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
      ),
    }));
    parts.set(coordinate, { kind, directives: [...(parts.get(coordinate)?.directives ?? []), ...applied] });
  };
  for (const definition of document.definitions) {
    const kind = kinds[definition.kind];
    if (!kind || !('name' in definition) || !definition.name) continue;
    add(definition.name.value, kind, definition.directives as readonly ConstDirectiveNode[]);
    if (!('fields' in definition)) continue;
    for (const field of definition.fields ?? [])
      if (field.kind === Kind.FIELD_DEFINITION)
        add(`${definition.name.value}.${field.name.value}`, 'field', field.directives);
  }
  return parts;
}

const kinds: Readonly<Record<string, SubgraphPart['kind']>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.OBJECT_TYPE_EXTENSION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.INTERFACE_TYPE_EXTENSION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.UNION_TYPE_EXTENSION]: 'union',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.ENUM_TYPE_EXTENSION]: 'enum',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
  [Kind.INPUT_OBJECT_TYPE_EXTENSION]: 'input',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
  [Kind.SCALAR_TYPE_EXTENSION]: 'scalar',
};

/** From the name that a document writes to the specification's; a document without links uses the latter. */
export function readDirectiveNames(document: DocumentNode): (written: string) => string {
  const names = new Map<string, string>();
  for (const link of readLinks(document)) {
    const spec = knownSpecs.find((one) => isSpecUrl(link.url, one));
    if (!spec) continue;
    for (const entry of Array.isArray(link.import) ? link.import : []) {
      const [name, as] = typeof entry === 'string' ? [entry, entry] : [entry?.name, entry?.as ?? entry?.name];
      if (typeof name === 'string' && typeof as === 'string') names.set(as.slice(1), name.slice(1));
    }
    names.set(`${typeof link.as === 'string' ? link.as : spec}__`, '');
  }
  return (written) => {
    const known = names.get(written);
    if (known !== undefined) return known;
    const at = written.indexOf('__');
    return at > 0 && names.has(`${written.slice(0, at)}__`) ? written.slice(at + 2) : written;
  };
}
