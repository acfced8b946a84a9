/** Finds the objects of the data at a path, where `@` stands for every item of a list. */
import { Failure } from './failure.ts';
import type { DataPath } from './fetch-graph.ts';
import type { DataObject } from './merge-answer.ts';

export function collectEntities(data: DataObject, paths: readonly DataPath[]): DataObject[] {
  const found: DataObject[] = [];
  for (const path of paths) {
    let level: unknown[] = [data];
    for (const step of path) {
      const next: unknown[] = [];
      for (const value of level) {
        if (step !== '@') {
          if (isDataObject(value)) next.push(Object.hasOwn(value, step) ? value[step] : undefined);
        } else if (Array.isArray(value)) {
          for (const item of value) next.push(item);
        }
      }
      level = next;
    }
    addObjects(level, found);
  }
  return found;
}

function addObjects(values: readonly unknown[], found: DataObject[]): void {
  for (const value of values) {
    if (Array.isArray(value)) addObjects(value, found);
    else if (isDataObject(value)) found.push(value);
  }
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
