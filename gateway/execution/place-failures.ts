/** Puts a subgraph's errors into its answer, at the nulls that they explain. */
import type { SubgraphAnswer } from '../upstream/subgraph-answer.ts';
import { type ErrorPath, Failure } from './failure.ts';
import { ownProperty } from './generated-code.ts';
import type { DataObject } from './merge-answer.ts';
import { toResponseName } from './plan-names.ts';

export interface PlacedFailures {
  readonly placed: readonly Failure[];
  /** Those that found no null of their own. */
  readonly unplaced: readonly Failure[];
}

export interface PlaceOptions {
  readonly isMutation: boolean;
  /** Where the answer stands in the client's; unknown for entities, which stand in many places. */
  readonly base: ErrorPath | undefined;
  /** What rewrites will make of keys of the answer. */
  readonly renames: ReadonlyMap<string | number, readonly string[]>;
}

/** Changes `received` in place. */
export function placeFailures(
  { errors, fault }: SubgraphAnswer,
  received: DataObject,
  { isMutation, base, renames }: PlaceOptions,
): PlacedFailures {
  if (errors.length === 0) return none;
  // After a fault nobody knows whether the mutation happened; a GraphQL error says that it was seen.
  const outcome = isMutation && fault ? 'unknown' : undefined;
  const placed: Failure[] = [];
  const unplaced: Failure[] = [];
  for (const { message, path = [], extensions } of errors) {
    const named = path.map((step) => renames.get(step)?.[0] ?? step);
    const clientPath = base && path.length > 0 ? [...base, ...named.map(toResponseName)] : undefined;
    const depth = depthOfNull(received, path);
    const below = depth === undefined ? [] : named.slice(depth + 1);
    const failure = new Failure(extensions.code, message, { outcome, below, path: clientPath });
    if (depth === undefined) {
      unplaced.push(failure);
    } else {
      putAt(received, path.slice(0, depth + 1), failure);
      placed.push(failure);
    }
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

/** The index of the step of the path at which a null stands; `undefined` when the path leads to none. */
function depthOfNull(received: DataObject, path: ErrorPath): number | undefined {
  let parent: unknown = received;
  for (const [depth, step] of path.entries()) {
    if (typeof parent !== 'object' || parent === null || parent instanceof Failure) return undefined;
    const value: unknown = Object.hasOwn(parent, step) ? parent[step as keyof typeof parent] : undefined;
    if (value === null) return depth;
    parent = value;
  }
  return undefined;
}

function putAt(received: DataObject, path: ErrorPath, failure: Failure): void {
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((value, step) => value?.[step as keyof typeof value], received);
  const last = path.at(-1);
  if (typeof parent === 'object' && parent !== null && last !== undefined) {
    Object.defineProperty(parent, last, { value: failure, ...ownProperty });
  }
}
