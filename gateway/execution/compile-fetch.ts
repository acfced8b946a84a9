/** Makes of one fetch of a plan a function that asks the subgraph and merges its answer into the data. */
import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { SubgraphAnswer } from '../upstream/subgraph-answer.ts';
import type { SubgraphClient, SubgraphRequestContext, SubgraphTarget } from '../upstream/subgraph-client.ts';
import { collectEntities, isDataObject } from './entities.ts';
import { Failure } from './failure.ts';
import type { FetchStep } from './fetch-graph.ts';
import { compileMerge, type DataObject, type MergeObject, topLevelKeys } from './merge-answer.ts';
import { placeFailures } from './place-failures.ts';
import type { PossibleTypes } from './possible-types.ts';
import { compileRepresentation, type Represent } from './representation.ts';
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
    ? compileEntityFetch(step, fetch.requires, entitySelections(definition.selectionSet), parts)
    : compileRootFetch(step, definition.selectionSet, parts);
}

function compileRootFetch({ fetch }: FetchStep, selections: SelectionSetNode, parts: FetchParts): RunFetch {
  const { outputRewrites = [] } = fetch;
  const merge = compileMerge(selections, parts.possibleTypes, renamedKeys(outputRewrites));
  const keys = topLevelKeys(selections);
  const writeBody = compileBody(fetch);
  const isMutation = fetch.operationKind === 'mutation';
  return async ({ data, variables, request, unlocated }) => {
    const answer = await parts.subgraphs.send(parts.target, writeBody(variables, undefined), request);
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
  requires: NonNullable<FetchStep['fetch']['requires']>,
  selections: SelectionSetNode,
  parts: FetchParts,
): RunFetch {
  const { inputRewrites = [], outputRewrites = [] } = fetch;
  const represent = compileRepresentation(requires, inputRewrites, parts.possibleTypes);
  const merge = compileMerge(selections, parts.possibleTypes, renamedKeys(outputRewrites));
  const keys = topLevelKeys(selections);
  const writeBody = compileBody(fetch);
  return async ({ data, variables, request, unlocated }) => {
    const entities = collectEntities(data, paths);
    const groups = groupByRepresentation(entities, represent, keys);
    if (groups.size === 0) return;
    const body = writeBody(variables, [...groups.keys()].join(','));
    const answer = await parts.subgraphs.send(parts.target, body, request);
    mergeEntities(answer, [...groups.values()], { merge, keys, unlocated, parts, rewrites: outputRewrites });
  };
}

/** Entities that the subgraph cannot tell apart are asked for once. One that lacks a value because of a failure shares it. */
function groupByRepresentation(
  entities: readonly DataObject[],
  represent: Represent,
  keys: readonly string[],
): Map<string, DataObject[]> {
  const groups = new Map<string, DataObject[]>();
  for (const entity of entities) {
    const representation = represent(entity);
    if (representation === undefined) continue;
    if (representation instanceof Failure) {
      failAll([entity], keys, representation);
      continue;
    }
    const group = groups.get(representation);
    if (group) group.push(entity);
    else groups.set(representation, [entity]);
  }
  return groups;
}

interface EntityMerge {
  readonly merge: MergeObject;
  readonly keys: readonly string[];
  readonly unlocated: Set<Failure>;
  readonly parts: FetchParts;
  readonly rewrites: NonNullable<FetchStep['fetch']['outputRewrites']>;
}

function mergeEntities(answer: SubgraphAnswer, groups: readonly DataObject[][], options: EntityMerge): void {
  const { merge, keys, unlocated, parts, rewrites } = options;
  const received: unknown = answer.data?._entities;
  const failures = placeFailures(answer, { _entities: received }, false);
  if (!Array.isArray(received) || received.length !== groups.length) {
    const badCount = new Failure(
      'SUBGRAPH_BAD_RESPONSE',
      'A part of the answer has the wrong number of items.',
    );
    const [failure = badCount] = failures;
    for (const group of groups) failAll(group, keys, failure);
    return;
  }
  if (rewrites.length > 0) applyRewrites(rewrites, received, parts.possibleTypes);
  for (const [index, group] of groups.entries()) {
    const source: unknown = received[index];
    for (const entity of group) {
      if (isDataObject(source) && agreesOnType(entity, source, parts.possibleTypes)) merge(entity, source);
      else if (source instanceof Failure) failAll([entity], keys, source);
      else if (source !== null) failAll([entity], keys, wrongEntity());
    }
  }
  // An error that names no entity is about those that did not come.
  for (const failure of failures) {
    const missing = groups.filter((_, index) => received[index] === null).flat();
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

function entitySelections(root: SelectionSetNode): SelectionSetNode {
  const [entities] = root.selections;
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet)
    throw new Error('An entity fetch asks no entities.');
  return entities.selectionSet;
}

/** The JSON of the request, of which only variables and representations differ between requests. */
function compileBody({ operation, operationName, variableUsages = [] }: FetchStep['fetch']) {
  const name = operationName ? `,"operationName":${JSON.stringify(operationName)}` : '';
  const head = `{"query":${JSON.stringify(operation)}${name}`;
  return (variables: Readonly<Record<string, unknown>>, representations: string | undefined): string => {
    const members = representations === undefined ? [] : [`"representations":[${representations}]`];
    for (const usage of variableUsages) {
      const value = variables[usage];
      if (value !== undefined) members.push(`${JSON.stringify(usage)}:${JSON.stringify(value)}`);
    }
    return members.length === 0 ? `${head}}` : `${head},"variables":{${members.join(',')}}}`;
  };
}
