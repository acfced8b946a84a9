/** Finds which entities are the same to a subgraph, so that each is asked for once. */
import { Failure } from './failure.ts';
import type { DataObject } from './merge-answer.ts';
import { spreadFailure } from './place-failures.ts';
import type { RepresentationOf } from './representation.ts';

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
  // Most entities have one plain key: its value tells them apart more cheaply than the whole representation.
  const bySoleKey = new Map<string, Map<unknown, EntityGroup>>();
  for (const entity of entities) {
    const { __typename: typename } = entity;
    if (typeof typename !== 'string') {
      if (typename instanceof Failure) spreadFailure([entity], keys, toDependent(typename));
      continue;
    }
    const type = representationOf(typename);
    if (!type) continue;
    const soleKey = type.soleKey === undefined ? undefined : entity[type.soleKey];
    const known = typeof soleKey === 'string' ? bySoleKey.get(typename)?.get(soleKey) : undefined;
    if (known) {
      known.entities.push(entity);
      continue;
    }
    const representation = type.represent(entity);
    if (representation instanceof Failure) spreadFailure([entity], keys, toDependent(representation));
    if (typeof representation !== 'string') continue;
    const { plainKeys } = type;
    const group = groups.get(representation) ?? { representation, entities: [], plainKeys };
    group.entities.push(entity);
    groups.set(representation, group);
    if (typeof soleKey !== 'string') continue;
    const ofType = bySoleKey.get(typename) ?? new Map<unknown, EntityGroup>();
    bySoleKey.set(typename, ofType.set(soleKey, group));
  }
  return [...groups.values()];
}

/** The same failure, told of at the fields that needed what failed. */
function toDependent(failure: Failure): Failure {
  failure.isPassedOn = true;
  return new Failure(failure.code, failure.message);
}
