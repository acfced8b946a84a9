/** Turns the operations of `.graphql` files into what is registered with the gateway: one text and its id each. */
import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  print,
  visit,
} from 'graphql';

export interface PersistedOperation {
  /** `sha256:` and the hash of the body, in hex. */
  readonly id: string;
  readonly name: string;
  readonly type: 'query' | 'mutation';
  /** The operation, then the fragments it uses in the order of their names. */
  readonly body: string;
  readonly definition: OperationDefinitionNode;
}

/**
 * In the order of their names, whatever files they come from.
 * @throws Error for an operation that no function can be made of: nameless, or a subscription
 */
export function toPersistedOperations(documents: readonly DocumentNode[]): PersistedOperation[] {
  const definitions = documents.flatMap((document) => document.definitions);
  const fragments = new Map(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  );
  return definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => toPersistedOperation(operation, fragments))
    .sort((a, b) => compare(a.name, b.name));
}

function toPersistedOperation(
  definition: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): PersistedOperation {
  const name = definition.name?.value;
  if (!name) throw new Error(`A ${definition.operation} has no name; its function is named after it.`);
  if (definition.operation === OperationTypeNode.SUBSCRIPTION) {
    throw new Error(`${name} is a subscription; the client runs queries and mutations.`);
  }
  const used = [...usedFragments(definition, fragments)].sort((a, b) => compare(a.name.value, b.name.value));
  const body = print({ kind: Kind.DOCUMENT, definitions: [definition, ...used] });
  const id = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  return { id, name, type: definition.operation, body, definition };
}

/** Those that the node spreads, and those that they spread in turn. */
function usedFragments(
  node: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  found = new Set<FragmentDefinitionNode>(),
): Set<FragmentDefinitionNode> {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment) throw new Error(`There is no fragment ${name.value}.`);
      if (found.has(fragment)) return;
      found.add(fragment);
      usedFragments(fragment, fragments, found);
    },
  });
  return found;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
