/** Finds which entities are the same to a subgraph, so that each is asked for once. */
import { Failure } from './failure.ts';
import type { DataObject } from './merge-answer.ts';
import { spreadFailure } from './place-failures.ts';
import type { RepresentationOf, RepresentType } from './representation.ts';

/** Entities with the same representation. */
export interface EntityGroup {
  readonly representation: string;
  readonly entities: DataObject[];
  /** See `RepresentType`. */
  readonly plainKeys: readonly string[];
}

/**
 * An entity that lacks a value because of a failure shares the failure, and is not asked for.
 *
 * @param keys what the fetch would have brought
 */
export function groupEntities(
  entities: readonly DataObject[],
  representationOf: RepresentationOf,
  keys: readonly string[],
): EntityGroup[] {
  const groups = new Map<string, EntityGroup>();
  let current: OfType | undefined;
  const types = new Map<string, OfType>();
  for (const entity of entities) {
    const { __typename: typename } = entity;
    if (typeof typename !== 'string') {
      if (typename instanceof Failure) spreadFailure([entity], keys, toDependent(typename));
      continue;
    }
    if (typename !== current?.typename) {
      current = types.get(typename) ?? { typename, type: representationOf(typename), byKey: new Map() };
      types.set(typename, current);
    }
    const { type, byKey } = current;
    if (!type) continue;
    const { plainKeys, tellingKeys } = type;
    // Equal values tell entities apart more cheaply than whole representations.
    const key = tellingKeys && entity[tellingKeys.at(-1) as string];
    const known = tellingKeys && byKey.get(key);
    if (known && hasSameValues(entity, known.entities[0] as DataObject, tellingKeys)) {
      known.entities.push(entity);
      continue;
    }
    const representation = type.represent(entity);
    if (representation instanceof Failure) spreadFailure([entity], keys, toDependent(representation));
    if (typeof representation !== 'string') continue;
    const group = groups.get(representation) ?? { representation, entities: [], plainKeys };
    group.entities.push(entity);
    groups.set(representation, group);
    byKey.set(key, group);
  }
  return [...groups.values()];
}

/** What is met of one type. */
interface OfType {
  readonly typename: string;
  readonly type: RepresentType | undefined;
  /** The last group with that value of the key. */
  readonly byKey: Map<unknown, EntityGroup>;
}

function hasSameValues(a: DataObject, b: DataObject, keys: readonly string[]): boolean {
  for (const key of keys) if (a[key] !== b[key]) return false;
  return true;
}

/** The same failure, told of at the fields that needed what failed. */
function toDependent(failure: Failure): Failure {
  failure.isPassedOn = true;
  return new Failure(failure.code, failure.message);
}
