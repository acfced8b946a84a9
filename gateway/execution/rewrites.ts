/** Changes that the planner asks for in what is sent to a subgraph or comes from it. */
import type { Rewrite } from '../planning/query-plan.ts';
import { ownProperty } from './generated-code.ts';
import type { PossibleTypes } from './possible-types.ts';

const conditionPrefix = '... on ';

/** Changes the value in place. */
export function applyRewrites(
  rewrites: readonly Rewrite[],
  value: unknown,
  possibleTypes: PossibleTypes,
): void {
  for (const rewrite of rewrites) applyAt(rewrite.path, value, rewrite, possibleTypes);
}

function applyAt(
  path: readonly string[],
  value: unknown,
  rewrite: Rewrite,
  possibleTypes: PossibleTypes,
): void {
  if (Array.isArray(value)) {
    for (const item of value) applyAt(path, item, rewrite, possibleTypes);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Record<string, unknown>;
  const [first = '', ...rest] = path;
  if (first.startsWith(conditionPrefix)) {
    const { __typename: typename } = object;
    const condition = first.slice(conditionPrefix.length);
    if (typeof typename !== 'string' || possibleTypes(condition).has(typename))
      applyAt(rest, object, rewrite, possibleTypes);
  } else if (rest.length > 0) {
    applyAt(rest, Object.hasOwn(object, first) ? object[first] : undefined, rewrite, possibleTypes);
  } else if (rewrite.kind === 'ValueSetter') {
    object[first] = rewrite.setValueTo;
  } else if (Object.hasOwn(object, first) && object[first] !== undefined) {
    Object.defineProperty(object, rewrite.renameKeyTo, { value: object[first], ...ownProperty });
    delete object[first];
  }
}

/** The keys that fields of an answer are renamed to, by the field's response name. */
export function renamedKeys(rewrites: readonly Rewrite[]): ReadonlyMap<string, readonly string[]> {
  const renames = new Map<string, string[]>();
  for (const rewrite of rewrites) {
    const from = rewrite.path.at(-1);
    if (rewrite.kind !== 'KeyRenamer' || from === undefined) continue;
    renames.set(from, [...(renames.get(from) ?? []), rewrite.renameKeyTo]);
  }
  return renames;
}
