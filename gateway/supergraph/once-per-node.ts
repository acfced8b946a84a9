/** Remembers what was read from a part of a schema for as long as that part lives: versions of a schema share most parts. */
import type { ASTNode } from 'graphql';

/**
 * What was read is kept on the node: of a `WeakMap` the garbage collector walks what is reached by its keys alone while
 * everything waits, here for thousands of definitions.
 *
 * @param read of the node alone, and nothing that changes
 */
export function oncePerNode<Node extends ASTNode, Value extends object>(
  read: (node: Node) => Value,
): (node: Node) => Value {
  const known = Symbol('what was read');
  type Known = { readonly [known]?: { readonly node: Node; readonly value: Value } };
  return (node) => {
    const before = (node as Known)[known];
    // An edited copy that `visit` makes has all properties of its original, also this one.
    if (before?.node === node) return before.value;
    const value = read(node);
    // Not enumerable: not a part of what the node says.
    Object.defineProperty(node, known, { value: { node, value }, configurable: true });
    return value;
  };
}
