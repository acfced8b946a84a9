/** Puts a subgraph's errors into its answer, at the nulls that they explain. */
import type { SubgraphAnswer, SubgraphError } from '../upstream/subgraph-answer.ts';
import { Failure } from './failure.ts';

/** Changes `received` in place; returns the failures that found no place. */
export function placeFailures(
  { errors, fault }: SubgraphAnswer,
  received: Record<string, unknown>,
  isMutation: boolean,
): Failure[] {
  // After a fault nobody knows whether the mutation happened; a GraphQL error says that it was seen.
  const outcome = isMutation && fault ? 'unknown' : undefined;
  const homeless: Failure[] = [];
  for (const error of errors) {
    const failure = new Failure(error.extensions.code, error.message, outcome);
    if (!place(received, error.path, failure)) homeless.push(failure);
  }
  return homeless;
}

function place(received: Record<string, unknown>, path: SubgraphError['path'], failure: Failure): boolean {
  let parent: unknown = received;
  for (const step of path ?? []) {
    if (typeof parent !== 'object' || parent === null || parent instanceof Failure) return false;
    const key = step as keyof typeof parent;
    const value: unknown = Object.hasOwn(parent, step) ? parent[key] : undefined;
    if (value === null) {
      (parent as Record<string | number, unknown>)[step] = failure;
      return true;
    }
    if (value === undefined) return false;
    parent = value;
  }
  return false;
}
