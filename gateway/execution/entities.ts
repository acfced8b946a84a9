/** Finds the objects of the data at a path, where `@` stands for every item of a list. */
import { Failure } from './failure.ts';
import type { DataPath } from './fetch-graph.ts';
import type { DataObject } from './merge-answer.ts';

export function collectEntities(data: DataObject, paths: readonly DataPath[]): DataObject[] {
  const found: DataObject[] = [];
  for (const path of paths) collectAt(data, path, 0, found);
  return found;
}

function collectAt(from: unknown, path: DataPath, start: number, found: DataObject[]): void {
  let value = from;
  for (let index = start; index < path.length; index++) {
    const step = path[index] as string;
    if (step === '@') {
      if (Array.isArray(value)) for (const item of value) collectAt(item, path, index + 1, found);
      return;
    }
    if (!isDataObject(value)) return;
    value = Object.hasOwn(value, step) ? value[step] : undefined;
  }
  addObjects(value, found);
}

/** A list that the path does not go into, one of lists, is gone through all the same. */
function addObjects(value: unknown, found: DataObject[]): void {
  if (Array.isArray(value)) for (const item of value) addObjects(item, found);
  else if (isDataObject(value)) found.push(value);
}

/** The objects on the way from the root to each entity, the nearest first, by the entity. */
export function collectAncestors(
  data: DataObject,
  paths: readonly DataPath[],
): ReadonlyMap<DataObject, readonly DataObject[]> {
  const found = new Map<DataObject, readonly DataObject[]>();
  const visit = (value: unknown, path: DataPath, ancestors: readonly DataObject[]): void => {
    const [step, ...rest] = path;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, step === '@' ? rest : path, ancestors);
    } else if (isDataObject(value)) {
      if (step === undefined) found.set(value, ancestors);
      else if (Object.hasOwn(value, step)) visit(value[step], rest, [value, ...ancestors]);
    }
  };
  for (const path of paths) visit(data, path, []);
  return found;
}

export function isDataObject(value: unknown): value is DataObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Failure);
}
