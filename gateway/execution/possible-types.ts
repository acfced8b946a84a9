/** Which type names satisfy a type condition anywhere in a supergraph, its inaccessible parts included. */
import { type DocumentNode, Kind } from 'graphql';

/** For `... on Condition`: the names that `__typename` may have. A type satisfies its own name, known or not. */
export type PossibleTypes = (condition: string) => ReadonlySet<string>;

/**
 * Interfaces are among the names, because a subgraph that knows an interface only as an interface object answers with
 * the interface's name.
 */
export function readPossibleTypes(supergraph: DocumentNode): PossibleTypes {
  const names = new Map<string, Set<string>>();
  const add = (condition: string, name: string): void => {
    const known = names.get(condition) ?? new Set([condition]);
    names.set(condition, known.add(name));
  };
  for (const definition of supergraph.definitions) {
    if (definition.kind === Kind.UNION_TYPE_DEFINITION) {
      for (const member of definition.types ?? []) add(definition.name.value, member.name.value);
    }
    if (
      definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.INTERFACE_TYPE_DEFINITION
    ) {
      for (const implemented of definition.interfaces ?? [])
        add(implemented.name.value, definition.name.value);
    }
  }
  return (condition) => names.get(condition) ?? new Set([condition]);
}
