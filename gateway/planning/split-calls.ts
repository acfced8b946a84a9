/**
 * Gives required fields their real names in the representations of a fetch.
 *
 * A representation cannot hold one field twice, with different arguments. Where the fields of a fetch require that,
 * they are asked in several calls of one request, each with representations of its own.
 */
import {
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { AskedField } from './asked-fields.ts';
import type { EntityCall, RequiredSelection } from './query-plan.ts';
import type { RequiredArguments, SeparatedSupergraph } from './required-arguments.ts';

export interface EntityFetch {
  readonly operation: OperationDefinitionNode;
  /** Its one `_entities` field. */
  readonly entities: FieldNode;
  readonly requires: readonly RequiredSelection[];
  readonly asked: readonly AskedField[];
}

export interface SplitCalls {
  readonly operation: OperationDefinitionNode;
  readonly calls: {
    readonly requires: readonly RequiredSelection[];
    readonly entityCalls?: readonly EntityCall[];
  };
}

export function splitCalls(
  { operation, entities, requires, asked }: EntityFetch,
  { requiredArguments: made, objectTypes }: SeparatedSupergraph,
): SplitCalls {
  const places = placesIn(requires, made);
  const rounds = roundsOf(
    asked.map(({ needs }) => [...(needs?.madeUp ?? [])]),
    (a, b) => standInOnePlace(places, a, b, objectTypes),
  );
  const namesFor = (round: ReadonlySet<string>): RequiredSelection[] =>
    withRealNames(requires, made, (name) => rounds.length > 1 && !round.has(name));
  if (rounds.length <= 1 || !entities.selectionSet)
    return { operation, calls: { requires: namesFor(new Set()) } };

  const roundOf = new Map(
    asked.map(({ coordinate, needs }) => {
      const names = [...(needs?.madeUp ?? [])];
      return [coordinate, rounds.findIndex((round) => names.every((name) => round.has(name)))];
    }),
  );
  const { selectionSet } = entities;
  const calls = rounds.map((round, index) => ({
    responseName: index === 0 ? '_entities' : `_entities_${index}`,
    variable: index === 0 ? 'representations' : `representations_${index}`,
    requires: namesFor(round),
  }));
  const fields = calls.map(
    ({ responseName, variable }, index): FieldNode => ({
      ...entities,
      alias: nameNode(responseName),
      arguments: [
        {
          kind: Kind.ARGUMENT,
          name: nameNode('representations'),
          value: { kind: Kind.VARIABLE, name: nameNode(variable) },
        },
      ],
      selectionSet: onlyFields(selectionSet, '', (coordinate) => roundOf.get(coordinate) === index),
    }),
  );
  const [representations, ...otherVariables] = operation.variableDefinitions ?? [];
  const ownVariables = calls.flatMap(({ variable }) =>
    representations
      ? [{ ...representations, variable: { kind: Kind.VARIABLE as const, name: nameNode(variable) } }]
      : [],
  );
  return {
    operation: {
      ...operation,
      variableDefinitions: [...ownVariables, ...otherVariables],
      selectionSet: { kind: Kind.SELECTION_SET, selections: fields },
    },
    calls: { requires, entityCalls: calls },
  };
}

/** Where in a representation a made-up field stands: under which real name, below which fields, in what type. */
interface Place {
  readonly path: string;
  readonly typeName: string;
}

function placesIn(
  requires: readonly RequiredSelection[],
  made: RequiredArguments,
): ReadonlyMap<string, readonly Place[]> {
  const places = new Map<string, Place[]>();
  const visit = (selections: readonly RequiredSelection[], above: string, typeName: string): void => {
    for (const selection of selections) {
      if (selection.kind === 'InlineFragment') {
        visit(selection.selections, above, selection.typeCondition ?? typeName);
        continue;
      }
      const path = `${above}.${made.get(selection.name)?.name.value ?? selection.name}`;
      if (made.has(selection.name))
        places.set(selection.name, [...(places.get(selection.name) ?? []), { path, typeName }]);
      visit(selection.selections ?? [], path, '');
    }
  };
  visit(requires, '', '');
  return places;
}

function standInOnePlace(
  places: ReadonlyMap<string, readonly Place[]>,
  a: string,
  b: string,
  objectTypes: ReadonlySet<string>,
): boolean {
  const excludeEachOther = (one: string, other: string): boolean =>
    one !== other && objectTypes.has(one) && objectTypes.has(other);
  const others = places.get(b) ?? [];
  return (places.get(a) ?? []).some(({ path, typeName }) =>
    others.some((other) => other.path === path && !excludeEachOther(typeName, other.typeName)),
  );
}

/** Sets of made-up fields that can stand in one representation; the needs of each field are together in one of them. */
function roundsOf(
  needsOfFields: readonly (readonly string[])[],
  exclude: (a: string, b: string) => boolean,
): ReadonlySet<string>[] {
  const rounds: Set<string>[] = [];
  for (const names of needsOfFields.filter(({ length }) => length > 0)) {
    const fits = (round: ReadonlySet<string>): boolean =>
      names.every((name) => ![...round].some((other) => other !== name && exclude(name, other)));
    const round = rounds.find(fits) ?? new Set<string>();
    if (round.size === 0) rounds.push(round);
    for (const name of names) round.add(name);
  }
  return rounds;
}

/** The representation sends each made-up field under its real name; `alias` is where the data holds it. */
function withRealNames(
  selections: readonly RequiredSelection[],
  made: RequiredArguments,
  isLeftOut: (name: string) => boolean,
): RequiredSelection[] {
  return selections.flatMap((selection): RequiredSelection[] => {
    if (selection.kind === 'InlineFragment')
      return [{ ...selection, selections: withRealNames(selection.selections, made, isLeftOut) }];
    const real = made.get(selection.name);
    if (real && isLeftOut(selection.name)) return [];
    const inner = selection.selections && {
      selections: withRealNames(selection.selections, made, isLeftOut),
    };
    const names = real && { name: real.name.value, alias: selection.alias ?? selection.name };
    return [{ ...selection, ...inner, ...names }];
  });
}

/** Only the top of the fetch is looked at: what requires something is a field of the entity itself. */
function onlyFields(
  selectionSet: SelectionSetNode,
  typeName: string,
  isAsked: (coordinate: string) => boolean,
): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD)
      return isAsked(`${typeName}.${selection.name.value}`) ? [selection] : [];
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [selection];
    const condition = selection.typeCondition?.name.value ?? typeName;
    const inner = onlyFields(selection.selectionSet, condition, isAsked);
    return inner.selections.length > 0 ? [{ ...selection, selectionSet: inner }] : [];
  });
  return { ...selectionSet, selections };
}

const nameNode = (value: string) => ({ kind: Kind.NAME as const, value });
