/** Makes of one fetch of a plan a function that asks the subgraph and merges its answer into the data. */
import { setImmediate } from 'node:timers/promises';
import { Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';
import type { EntityCall, FetchNode } from '../planning/query-plan.ts';
import type { SubgraphAnswer } from '../upstream/subgraph-answer.ts';
import type { SubgraphClient, SubgraphRequestContext, SubgraphTarget } from '../upstream/subgraph-client.ts';
import { collectEntities } from './entities.ts';
import { type ErrorPath, Failure } from './failure.ts';
import { type ContextGroup, groupByContext } from './fetch-context.ts';
import type { DataPath, FetchStep } from './fetch-graph.ts';
import { type EntityGroup, groupEntities } from './group-entities.ts';
import { compileIsAsked } from './is-asked.ts';
import { bringsType, compileMerge, type DataObject, topLevelKeys } from './merge-answer.ts';
import { mergeEntities } from './merge-entities.ts';
import { placeFailures, spreadFailure } from './place-failures.ts';
import type { PossibleTypes } from './possible-types.ts';
import { compileRepeatedCalls, type RepeatCalls, suffixOf } from './repeat-calls.ts';
import { compileRepresentation } from './representation.ts';
import { applyRewrites, renamedKeys } from './rewrites.ts';

/** What a fetch of one request works on. */
export interface FetchContext {
  readonly data: DataObject;
  readonly variables: Variables;
  readonly request: SubgraphRequestContext;
  /** All that went wrong, with where to tell of it if the projection does not meet it. */
  readonly failures: Map<Failure, ErrorPath>;
  /** Set once some answer was so long that the work on all of them takes turns with other requests. */
  isLong: boolean;
}

export type Variables = Readonly<Record<string, unknown>>;

export type RunFetch = (context: FetchContext) => Promise<void>;

export interface FetchParts {
  readonly target: SubgraphTarget;
  readonly subgraphs: SubgraphClient;
  readonly possibleTypes: PossibleTypes;
}

/** Of one fetch: what more were asked for would come too late, and hold the process while it is written. */
const maxEntities = 10_000;

export function compileFetch(step: FetchStep, parts: FetchParts): RunFetch {
  const { fetch } = step;
  const [definition] = parse(fetch.operation, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('A fetch has no operation.');
  return fetch.requires
    ? compileEntityFetch(step, definition, readCalls(fetch, fetch.requires, definition.selectionSet), parts)
    : compileRootFetch(step, definition.selectionSet, parts);
}

function compileRootFetch(
  { fetch, paths }: FetchStep,
  selections: SelectionSetNode,
  parts: FetchParts,
): RunFetch {
  const { outputRewrites = [] } = fetch;
  const { possibleTypes } = parts;
  const renames = renamedKeys(outputRewrites);
  const merge = compileMerge(selections, possibleTypes, renames);
  const keys = topLevelKeys(selections, renames);
  const writeBody = compileBody(fetch);
  const isMutation = fetch.operationKind === 'mutation';
  const base = placeOf(paths);
  const place = [...base, ...keys.slice(0, 1)];
  return async (context) => {
    const { data, variables, failures } = context;
    // `Query` can stand below a mutation's payload; elsewhere the path is empty and leads to the data itself.
    const targets = collectEntities(data, paths);
    if (targets.length === 0) return;
    const answer = await send(writeBody(variables, []), context, parts);
    const received: DataObject = { ...answer.data };
    const { placed, unplaced } = placeFailures(answer, received, { isMutation, base, renames });
    for (const failure of [...placed, ...unplaced]) failures.set(failure, place);
    if (outputRewrites.length > 0) applyRewrites(outputRewrites, received, possibleTypes);
    for (const [index, object] of targets.entries()) merge(object, received, index === targets.length - 1);
    for (const failure of unplaced) spreadFailure(targets, keys, failure);
  };
}

async function send(
  body: string,
  context: FetchContext,
  { target, subgraphs }: FetchParts,
): Promise<SubgraphAnswer> {
  const answer = await subgraphs.send(target, body, context.request);
  if (answer.isLong) {
    context.isLong = true;
    await setImmediate();
  }
  return answer;
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

function compileEntityFetch(
  { fetch, paths }: FetchStep,
  operation: OperationDefinitionNode,
  calls: readonly Call[],
  parts: FetchParts,
): RunFetch {
  const { inputRewrites = [], outputRewrites = [], contextRewrites = [] } = fetch;
  const { possibleTypes } = parts;
  const renames = renamedKeys(outputRewrites);
  const compiled = calls.map(({ requires, selections, responseName, variable }) => ({
    responseName,
    variable,
    representationOf: compileRepresentation(requires, inputRewrites, possibleTypes),
    merge: compileMerge(selections, possibleTypes, renames),
    keys: topLevelKeys(selections, renames),
    isAsked: compileIsAsked(selections),
    bringsType: bringsType(selections),
  }));
  const contextVariables = contextRewrites.map(({ renameKeyTo }) => renameKeyTo);
  const ownVariables = new Set([...calls.map(({ variable }) => variable), ...contextVariables]);
  const writeBody = compileBody(
    fetch,
    contextVariables.length > 0 ? compileRepeatedCalls(operation, ownVariables) : undefined,
    contextVariables,
  );
  const place = placeOf(paths);

  const ask = async (groupsByContext: readonly ContextGroup[], context: FetchContext): Promise<void> => {
    const found = groupsByContext.reduce((sum, { entities }) => sum + entities.length, 0);
    if (found > maxEntities) {
      const failure = new Failure('SUBGRAPH_RESPONSE_TOO_LARGE', 'A part of the answer has too many items.');
      for (const { entities } of groupsByContext)
        for (const { keys } of compiled) spreadFailure(entities, keys, failure);
      context.failures.set(failure, place);
      return;
    }
    const contexts: { readonly values: ContextGroup['values']; readonly groups: EntityGroup[][] }[] = [];
    for (const { entities, values } of groupsByContext) {
      const groups = compiled.map(({ isAsked, representationOf, keys }) =>
        isAsked(context.variables) ? groupEntities(entities, representationOf, keys) : [],
      );
      if (groups.some(({ length }) => length > 0)) contexts.push({ values, groups });
    }
    if (contexts.length === 0) return;
    const members: string[] = [];
    for (const [index, { values, groups }] of contexts.entries()) {
      const suffix = suffixOf(index);
      for (const [number, { variable }] of compiled.entries()) {
        const representations = groups[number]?.map(({ representation }) => representation).join(',');
        members.push(`"${variable}${suffix}":[${representations}]`);
      }
      for (const [name, value] of Object.entries(values))
        members.push(`"${name}${suffix}":${JSON.stringify(value)}`);
    }
    const body = writeBody(context.variables, members, contexts.length);
    const answer = await send(body, context, parts);
    const received: DataObject = { ...answer.data };
    const { placed, unplaced } = placeFailures(answer, received, {
      isMutation: false,
      base: undefined,
      renames,
    });
    for (const failure of [...placed, ...unplaced]) context.failures.set(failure, place);
    for (const [index, { groups }] of contexts.entries()) {
      for (const [number, { responseName, merge, keys, bringsType }] of compiled.entries()) {
        const items = received[`${responseName}${suffixOf(index)}`];
        if (outputRewrites.length > 0) applyRewrites(outputRewrites, items, possibleTypes);
        const options = { merge, keys, bringsType, unplaced, possibleTypes };
        mergeEntities(items, groups[number] ?? [], options);
      }
    }
  };

  if (contextRewrites.length === 0) {
    return (context) => ask([{ entities: collectEntities(context.data, paths), values: {} }], context);
  }
  return (context) => ask(groupByContext(context.data, paths, contextRewrites, possibleTypes), context);
}

/** Of entities in a list there is no one place. */
function placeOf([path = []]: readonly DataPath[]): ErrorPath {
  return path.includes('@') ? [] : path;
}

/** The JSON of the request, of which only variables and representations differ between requests. */
function compileBody(
  { operation, operationName, variableUsages = [] }: FetchNode,
  repeatCalls?: RepeatCalls,
  contextVariables: readonly string[] = [],
) {
  const name = operationName ? `,"operationName":${JSON.stringify(operationName)}` : '';
  const toHead = (text: string): string => `{"query":${JSON.stringify(text)}${name}`;
  const onlyHead = toHead(operation);
  const usages = variableUsages.filter((usage) => !contextVariables.includes(usage));
  return (variables: Variables, own: readonly string[], contexts = 1): string => {
    const head = contexts > 1 && repeatCalls ? toHead(repeatCalls(contexts)) : onlyHead;
    const members = [...own];
    for (const usage of usages) {
      if (!Object.hasOwn(variables, usage) || variables[usage] === undefined) continue;
      members.push(`${JSON.stringify(usage)}:${JSON.stringify(variables[usage])}`);
    }
    return members.length === 0 ? `${head}}` : `${head},"variables":{${members.join(',')}}}`;
  };
}
