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
          if (isDataObject(value)) next.push(value[step]);
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

export function isDataObject(value: unknown): value is DataObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Failure);
}
