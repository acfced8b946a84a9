/** Finds the values that `@fromContext` arguments take from objects above an entity. */
import type { KeyRenamer } from '../planning/query-plan.ts';
import { collectAncestors } from './entities.ts';
import type { DataPath } from './fetch-graph.ts';
import type { DataObject } from './merge-answer.ts';
import type { PossibleTypes } from './possible-types.ts';

/** Entities whose context holds the same values, which are the variables of one request. */
export interface ContextGroup {
  readonly values: Readonly<Record<string, unknown>>;
  readonly entities: DataObject[];
}

export function groupByContext(
  data: DataObject,
  paths: readonly DataPath[],
  rewrites: readonly KeyRenamer[],
  possibleTypes: PossibleTypes,
): ContextGroup[] {
  const groups = new Map<string, ContextGroup>();
  for (const [entity, ancestors] of collectAncestors(data, paths)) {
    const values: Record<string, unknown> = {};
    for (const { path, renameKeyTo } of rewrites) {
      const value = readContext(path, entity, ancestors, possibleTypes);
      if (value !== undefined) values[renameKeyTo] = value;
    }
    const key = JSON.stringify(values);
    const group = groups.get(key) ?? { values, entities: [] };
    group.entities.push(entity);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** `..` is the object above, `... on Type` a condition on it; `undefined` where the condition does not hold. */
function readContext(
  path: readonly string[],
  entity: DataObject,
  ancestors: readonly DataObject[],
  possibleTypes: PossibleTypes,
): unknown {
  const above = path.filter((step) => step === '..').length;
  let value: unknown = above === 0 ? entity : ancestors[above - 1];
  for (const step of path.slice(above)) {
    if (typeof value !== 'object' || value === null) return value;
    const object = value as DataObject;
    if (!step.startsWith('... on ')) {
      value = Object.hasOwn(object, step) ? object[step] : undefined;
    } else if (
      typeof object.__typename === 'string' &&
      !possibleTypes(step.slice('... on '.length)).has(object.__typename)
    ) {
      return undefined;
    }
  }
  return value;
}
