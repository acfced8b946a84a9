/** Puts a subgraph's errors into its answer, at the nulls that they explain. */
import type { SubgraphAnswer, SubgraphError } from '../upstream/subgraph-answer.ts';
import { type ErrorPath, Failure } from './failure.ts';
import { ownProperty } from './generated-code.ts';
import type { DataObject } from './merge-answer.ts';

export interface PlacedFailures {
  readonly placed: readonly Failure[];
  /** Those that found no null of their own. */
  readonly unplaced: readonly Failure[];
}

/** Changes `received` in place. */
export function placeFailures(
  { errors, fault }: SubgraphAnswer,
  received: DataObject,
  isMutation: boolean,
): PlacedFailures {
  if (errors.length === 0) return none;
  // After a fault nobody knows whether the mutation happened; a GraphQL error says that it was seen.
  const outcome = isMutation && fault ? 'unknown' : undefined;
  const placed: Failure[] = [];
  const unplaced: Failure[] = [];
  for (const error of errors) {
    const failure = place(received, error, outcome);
    if (failure) placed.push(failure);
    else unplaced.push(toFailure(error, error.path ?? [], outcome));
  }
  return { placed, unplaced };
}

const none: PlacedFailures = { placed: [], unplaced: [] };

/** Puts one failure into every field that has not come, as when an object as a whole is missing. */
export function spreadFailure(
  objects: readonly DataObject[],
  keys: readonly string[],
  failure: Failure,
): void {
  failure.isSpread = true;
  for (const object of objects) {
    for (const key of keys) {
      if (Object.hasOwn(object, key) && object[key] !== null) continue;
      Object.defineProperty(object, key, { value: failure, ...ownProperty });
    }
  }
}

function toFailure(
  { extensions: { code }, message }: SubgraphError,
  below: ErrorPath,
  outcome: 'unknown' | undefined,
): Failure {
  return new Failure(code, message, { outcome, below });
}

function place(
  received: DataObject,
  error: SubgraphError,
  outcome: 'unknown' | undefined,
): Failure | undefined {
  const path = error.path ?? [];
  let parent: unknown = received;
  for (const [depth, step] of path.entries()) {
    if (typeof parent !== 'object' || parent === null || parent instanceof Failure) return undefined;
    const key = step as keyof typeof parent;
    const value: unknown = Object.hasOwn(parent, step) ? parent[key] : undefined;
    if (value === null) {
      const failure = toFailure(error, path.slice(depth + 1), outcome);
      Object.defineProperty(parent, step, { value: failure, ...ownProperty });
      return failure;
    }
    parent = value;
  }
  return undefined;
}
