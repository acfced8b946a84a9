/** Remembers what was read from a part of a schema for as long as that part lives: versions of a schema share most parts. */
import type { ASTNode } from 'graphql';

/** @param read of the node alone, and nothing that changes */
export function oncePerNode<Node extends ASTNode, Value extends object>(
  read: (node: Node) => Value,
): (node: Node) => Value {
  const known = new WeakMap<Node, Value>();
  return (node) => {
    const before = known.get(node);
    if (before) return before;
    const value = read(node);
    known.set(node, value);
    return value;
  };
}
