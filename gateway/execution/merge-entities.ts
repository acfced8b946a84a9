/** Merges the items that a subgraph answered into the entities that they were asked for. */
import { isDataObject } from './entities.ts';
import { Failure } from './failure.ts';
import type { EntityGroup } from './group-entities.ts';
import type { DataObject, MergeObject } from './merge-answer.ts';
import { spreadFailure } from './place-failures.ts';
import type { PossibleTypes } from './possible-types.ts';

export interface EntityMerge {
  readonly merge: MergeObject;
  /** What the fetch brings to an entity. */
  readonly keys: readonly string[];
  /** Whether the fetch tells of what type an entity is, which until then may be known by an interface only. */
  readonly bringsType: boolean;
  /** Failures that name no item: they are about those that did not come. */
  readonly unplaced: readonly Failure[];
  readonly possibleTypes: PossibleTypes;
}

export function mergeEntities(items: unknown, groups: readonly EntityGroup[], options: EntityMerge): void {
  const { merge, unplaced, possibleTypes } = options;
  const fail = (entities: readonly DataObject[], failure: Failure): void =>
    failEntities(entities, failure, options);
  if (!Array.isArray(items) || items.length !== groups.length) {
    const [first] = unplaced;
    const failure =
      items instanceof Failure ? items : (first ?? badResponse('has the wrong number of items'));
    for (const { entities } of groups) fail(entities, failure);
    return;
  }
  for (let index = 0; index < groups.length; index++) {
    const { entities, plainKeys } = groups[index] as EntityGroup;
    const item: unknown = items[index];
    const isObject = isDataObject(item);
    const last = entities.at(-1);
    for (const entity of entities) {
      if (isObject && isTheSame(entity, item, plainKeys, possibleTypes)) merge(entity, item, entity === last);
      else if (item instanceof Failure) fail([entity], item);
      else if (item !== null) fail([entity], badResponse('is about something else'));
    }
  }
  if (unplaced.length === 0) return;
  const missing = groups.filter((_, index) => items[index] === null).flatMap(({ entities }) => entities);
  for (const failure of unplaced) fail(missing, failure);
}

function failEntities(
  entities: readonly DataObject[],
  failure: Failure,
  { keys, bringsType, possibleTypes }: EntityMerge,
): void {
  spreadFailure(entities, keys, failure);
  if (!bringsType) return;
  for (const entity of entities) {
    const { __typename: known } = entity;
    if (typeof known === 'string' && possibleTypes(known).size > 1) entity.__typename = failure;
  }
}

function badResponse(what: string): Failure {
  return new Failure('SUBGRAPH_BAD_RESPONSE', `A part of the answer ${what}.`);
}

/** Every entity is asked for its type, and brings keys only where somebody needs them. */
function isTheSame(
  entity: DataObject,
  item: DataObject,
  plainKeys: readonly string[],
  possibleTypes: PossibleTypes,
): boolean {
  for (const key of plainKeys) {
    const given = item[key];
    const known = entity[key];
    if (given !== known && isPlain(given) && isPlain(known) && String(given) !== String(known)) return false;
  }
  return agreesOnType(entity, item, possibleTypes);
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** A subgraph may know an entity only by its interface; a wholly different type is another entity. */
function agreesOnType(entity: DataObject, item: DataObject, possibleTypes: PossibleTypes): boolean {
  const { __typename: given } = item;
  const { __typename: known } = entity;
  if (given === known) return true;
  if (typeof given !== 'string' || typeof known !== 'string') return false;
  if (possibleTypes(known).has(given)) {
    entity.__typename = given;
    return true;
  }
  return possibleTypes(given).has(known);
}
