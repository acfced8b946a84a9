/** Makes of one fetch of a plan a function that asks the subgraph and merges its answer into the data. */
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { EntityCall, FetchNode } from '../planning/query-plan.ts';
import type { SubgraphClient, SubgraphRequestContext, SubgraphTarget } from '../upstream/subgraph-client.ts';
import { collectEntities, isDataObject } from './entities.ts';
import { Failure } from './failure.ts';
import type { FetchStep } from './fetch-graph.ts';
import { compileMerge, type DataObject, type MergeObject, topLevelKeys } from './merge-answer.ts';
import { placeFailures } from './place-failures.ts';
import type { PossibleTypes } from './possible-types.ts';
import { compileRepresentation, type RepresentationOf } from './representation.ts';
import { applyRewrites, renamedKeys } from './rewrites.ts';

/** What a fetch of one request works on. */
export interface FetchContext {
  readonly data: DataObject;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly request: SubgraphRequestContext;
  /** Failures that have no place in the data. */
  readonly unlocated: Set<Failure>;
}

export type RunFetch = (context: FetchContext) => Promise<void>;

export interface FetchParts {
  readonly target: SubgraphTarget;
  readonly subgraphs: SubgraphClient;
  readonly possibleTypes: PossibleTypes;
}

export function compileFetch(step: FetchStep, parts: FetchParts): RunFetch {
  const { fetch } = step;
  const [definition] = parse(fetch.operation, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('A fetch has no operation.');
  return fetch.requires
    ? compileEntityFetch(step, readCalls(fetch, fetch.requires, definition.selectionSet), parts)
    : compileRootFetch(step, definition.selectionSet, parts);
}

/** One `_entities` field of the fetch, with what is selected in it. */
interface Call extends EntityCall {
  readonly selections: SelectionSetNode;
}

function readCalls(fetch: FetchNode, requires: EntityCall['requires'], root: SelectionSetNode): Call[] {
  const single: EntityCall = { responseName: '_entities', variable: 'representations', requires };
  return (fetch.entityCalls ?? [single]).map((call, index) => {
    const field = root.selections[index];
    if (field?.kind !== Kind.FIELD || !field.selectionSet)
      throw new Error('An entity fetch asks no entities.');
    return { ...call, selections: field.selectionSet };
  });
}

function compileRootFetch({ fetch }: FetchStep, selections: SelectionSetNode, parts: FetchParts): RunFetch {
  const { outputRewrites = [] } = fetch;
  const merge = compileMerge(selections, parts.possibleTypes, renamedKeys(outputRewrites));
  const keys = topLevelKeys(selections);
  const writeBody = compileBody(fetch);
  const isMutation = fetch.operationKind === 'mutation';
  return async ({ data, variables, request, unlocated }) => {
    const answer = await parts.subgraphs.send(parts.target, writeBody(variables, []), request);
    const received = isDataObject(answer.data) ? answer.data : {};
    for (const failure of placeFailures(answer, received, isMutation)) {
      if (
        !failAll(
          [data],
          keys.filter((key) => received[key] === undefined || received[key] === null),
          failure,
        )
      )
        unlocated.add(failure);
    }
    if (outputRewrites.length > 0) applyRewrites(outputRewrites, received, parts.possibleTypes);
    merge(data, received);
  };
}

function compileEntityFetch(
  { fetch, paths }: FetchStep,
  calls: readonly Call[],
  parts: FetchParts,
): RunFetch {
  const { inputRewrites = [], outputRewrites = [] } = fetch;
  const renames = renamedKeys(outputRewrites);
  const compiled = calls.map(({ requires, selections, responseName, variable }) => ({
    responseName,
    variable,
    representationOf: compileRepresentation(requires, inputRewrites, parts.possibleTypes),
    merge: compileMerge(selections, parts.possibleTypes, renames),
    keys: topLevelKeys(selections),
  }));
  const writeBody = compileBody(fetch);
  return async ({ data, variables, request, unlocated }) => {
    const entities = collectEntities(data, paths);
    const asked = compiled.map((call) => ({
      ...call,
      groups: groupEntities(entities, call.representationOf, call.keys),
    }));
    if (asked.every(({ groups }) => groups.length === 0)) return;
    const members = asked.map(({ variable, groups }) => {
      const representations = groups.map(({ representation }) => representation).join(',');
      return `"${variable}":[${representations}]`;
    });
    const answer = await parts.subgraphs.send(parts.target, writeBody(variables, members), request);
    const received: Record<string, unknown> = { ...answer.data };
    const failures = placeFailures(answer, received, false);
    for (const { responseName, groups, merge, keys } of asked) {
      const items = received[responseName];
      mergeEntities(items, groups, { merge, keys, unlocated, failures, parts, rewrites: outputRewrites });
    }
  };
}

/** Entities with the same representation, which is asked for once. */
interface EntityGroup {
  readonly representation: string;
  readonly entities: DataObject[];
}

/** An entity that lacks a value because of a failure shares the failure, and is not asked for. */
function groupEntities(
  entities: readonly DataObject[],
  representationOf: RepresentationOf,
  keys: readonly string[],
): EntityGroup[] {
  const groups: EntityGroup[] = [];
  const byRepresentation = new Map<string, EntityGroup>();
  // Most entities have one plain key: its value tells them apart more cheaply than the whole representation.
  const bySoleKey = new Map<string, Map<unknown, EntityGroup>>();
  for (const entity of entities) {
    const { __typename: typename } = entity;
    if (typename instanceof Failure) failAll([entity], keys, typename);
    const type = typeof typename === 'string' ? representationOf(typename) : undefined;
    if (!type || typeof typename !== 'string') continue;
    const soleKey = type.soleKey === undefined ? undefined : entity[type.soleKey];
    const known = typeof soleKey === 'string' ? bySoleKey.get(typename)?.get(soleKey) : undefined;
    if (known) {
      known.entities.push(entity);
      continue;
    }
    const representation = type.represent(entity);
    if (representation === undefined) continue;
    if (representation instanceof Failure) {
      failAll([entity], keys, representation);
      continue;
    }
    let group = byRepresentation.get(representation);
    if (!group) {
      group = { representation, entities: [] };
      groups.push(group);
      byRepresentation.set(representation, group);
    }
    group.entities.push(entity);
    if (typeof soleKey === 'string') {
      const ofType = bySoleKey.get(typename) ?? new Map<unknown, EntityGroup>();
      bySoleKey.set(typename, ofType.set(soleKey, group));
    }
  }
  return groups;
}

interface EntityMerge {
  readonly merge: MergeObject;
  readonly keys: readonly string[];
  readonly unlocated: Set<Failure>;
  /** Of the answer as a whole. */
  readonly failures: readonly Failure[];
  readonly parts: FetchParts;
  readonly rewrites: NonNullable<FetchStep['fetch']['outputRewrites']>;
}

function mergeEntities(received: unknown, groups: readonly EntityGroup[], options: EntityMerge): void {
  const { merge, keys, unlocated, failures, parts, rewrites } = options;
  if (!Array.isArray(received) || received.length !== groups.length) {
    const badCount = new Failure(
      'SUBGRAPH_BAD_RESPONSE',
      'A part of the answer has the wrong number of items.',
    );
    const failure = received instanceof Failure ? received : (failures[0] ?? badCount);
    for (const { entities } of groups) failAll(entities, keys, failure);
    return;
  }
  if (rewrites.length > 0) applyRewrites(rewrites, received, parts.possibleTypes);
  for (const [index, { entities }] of groups.entries()) {
    const source: unknown = received[index];
    for (const entity of entities) {
      if (isDataObject(source) && agreesOnType(entity, source, parts.possibleTypes)) merge(entity, source);
      else if (source instanceof Failure) failAll([entity], keys, source);
      else if (source !== null) failAll([entity], keys, wrongEntity());
    }
  }
  // An error that names no entity is about those that did not come.
  for (const failure of failures) {
    const missing = groups.filter((_, index) => received[index] === null).flatMap(({ entities }) => entities);
    if (!failAll(missing, keys, failure)) unlocated.add(failure);
  }
}

function wrongEntity(): Failure {
  return new Failure('SUBGRAPH_BAD_RESPONSE', 'A part of the answer is about something else.');
}

/** A subgraph may know an entity only by its interface; a wholly different type is another entity. */
function agreesOnType(entity: DataObject, source: DataObject, possibleTypes: PossibleTypes): boolean {
  const { __typename: given } = source;
  const { __typename: known } = entity;
  if (given === undefined || given === known || typeof known !== 'string') return true;
  if (typeof given !== 'string') return false;
  if (possibleTypes(known).has(given)) {
    entity.__typename = given;
    return true;
  }
  return possibleTypes(given).has(known);
}

/** Puts the failure where nothing has come; says whether there was such a place. */
function failAll(entities: readonly DataObject[], keys: readonly string[], failure: Failure): boolean {
  let placed = false;
  for (const entity of entities) {
    for (const key of keys) {
      if (Object.hasOwn(entity, key) && entity[key] !== null) continue;
      entity[key] = failure;
      placed = true;
    }
  }
  return placed;
}

/** The JSON of the request, of which only variables and representations differ between requests. */
function compileBody({ operation, operationName, variableUsages = [] }: FetchStep['fetch']) {
  const name = operationName ? `,"operationName":${JSON.stringify(operationName)}` : '';
  const head = `{"query":${JSON.stringify(operation)}${name}`;
  return (variables: Readonly<Record<string, unknown>>, representations: readonly string[]): string => {
    const members = [...representations];
    for (const usage of variableUsages) {
      const value = variables[usage];
      if (value !== undefined) members.push(`${JSON.stringify(usage)}:${JSON.stringify(value)}`);
    }
    return members.length === 0 ? `${head}}` : `${head},"variables":{${members.join(',')}}}`;
  };
}
