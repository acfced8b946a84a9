/**
 * Makes of the planner's plan the one to carry out: made-up fields become real calls again, and what is required only
 * under a condition may be missing.
 */
import {
  type FieldNode,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import type { EntityCall, FetchNode, PlanNode, QueryPlan, RequiredSelection } from './query-plan.ts';
import type { RequiredArguments, SeparatedSupergraph } from './required-arguments.ts';

type FieldNeeds = SeparatedSupergraph['needs'];

export function finishPlan(plan: QueryPlan, { requiredArguments, needs }: SeparatedSupergraph): QueryPlan {
  if (needs.size === 0 || !plan.node) return plan;
  return { ...plan, node: finishNode(plan.node, requiredArguments, needs) };
}

function finishNode(node: PlanNode, made: RequiredArguments, needs: FieldNeeds): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((child) => finishNode(child, made, needs)) };
    case 'Flatten':
      return { ...node, node: finishNode(node.node, made, needs) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause && { ifClause: finishNode(node.ifClause, made, needs) }),
        ...(node.elseClause && { elseClause: finishNode(node.elseClause, made, needs) }),
      };
    case 'Fetch':
      return finishFetch(node, made, needs);
    default:
      return node;
  }
}

function finishFetch(fetch: FetchNode, made: RequiredArguments, needs: FieldNeeds): FetchNode {
  const asked = /\b_r\d+_/.test(fetch.operation) ? withRealFields(fetch, made) : fetch;
  if (!asked.requires) return asked;
  const requires = withOptionalFields(asked, asked.requires, needs);
  if (!/"_r\d+_/.test(JSON.stringify(requires))) return { ...asked, requires };
  return splitCalls(asked, requires, made, needs);
}

function withOptionalFields(
  { operation }: FetchNode,
  requires: readonly RequiredSelection[],
  needs: FieldNeeds,
): readonly RequiredSelection[] {
  if (!/@(?:skip|include)\(/.test(operation)) return requires;
  const [definition] = parse(operation, { noLocation: true }).definitions;
  const entities =
    definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections[0] : undefined;
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet) return requires;
  const always = new Set<string>();
  const sometimes = new Set<string>();
  const visitSelections = ({ selections }: SelectionSetNode, isConditional: boolean): void => {
    for (const selection of selections) {
      const conditional = isConditional || (selection.directives?.length ?? 0) > 0;
      if (selection.kind === Kind.FIELD) {
        for (const name of needs.get(selection.name.value) ?? [])
          (conditional ? sometimes : always).add(name);
      } else if (selection.kind === Kind.INLINE_FRAGMENT)
        visitSelections(selection.selectionSet, conditional);
    }
  };
  visitSelections(entities.selectionSet, false);
  const mark = (selections: readonly RequiredSelection[]): RequiredSelection[] =>
    selections.map((selection) => {
      if (selection.kind === 'InlineFragment')
        return { ...selection, selections: mark(selection.selections) };
      const optional = sometimes.has(selection.name) && !always.has(selection.name);
      return optional ? { ...selection, optional } : selection;
    });
  return mark(requires);
}

function withRealFields(fetch: FetchNode, made: RequiredArguments): FetchNode {
  const document = visit(parse(fetch.operation, { noLocation: true }), {
    [Kind.FIELD](field: FieldNode) {
      const real = made.get(field.name.value);
      if (!real) return undefined;
      return { ...field, alias: field.alias ?? field.name, name: real.name, arguments: real.arguments ?? [] };
    },
  });
  return { ...fetch, operation: stripIgnoredCharacters(print(document)) };
}

/** The representation sends each made-up field under its real name; `alias` is where the data holds it. */
function withRealNames(
  selections: readonly RequiredSelection[],
  made: RequiredArguments,
  isLeftOut: (name: string) => boolean,
): RequiredSelection[] {
  return selections.flatMap((selection): RequiredSelection[] => {
    if (selection.kind === 'InlineFragment') {
      return [{ ...selection, selections: withRealNames(selection.selections, made, isLeftOut) }];
    }
    if (isLeftOut(selection.name)) return [];
    const real = made.get(selection.name);
    const inner = selection.selections && {
      selections: withRealNames(selection.selections, made, isLeftOut),
    };
    return [
      {
        ...selection,
        ...inner,
        ...(real && { name: real.name.value, alias: selection.alias ?? selection.name }),
      },
    ];
  });
}

/**
 * Representations hold a field under its real name, so that two made-up ones of the same field cannot stand in one.
 * Then the fields of the fetch are asked in several calls of one request, each with representations of its own.
 */
function splitCalls(
  fetch: FetchNode,
  requires: readonly RequiredSelection[],
  made: RequiredArguments,
  needs: FieldNeeds,
): FetchNode {
  const used = [...new Set(namesIn(requires))].filter((name) => made.has(name));
  const rounds = roundsOf(used, made);
  if (rounds.length === 1) return { ...fetch, requires: withRealNames(requires, made, () => false) };

  const document = parse(fetch.operation, { noLocation: true });
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return fetch;
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet) return fetch;
  const selections = entities.selectionSet;

  const calls: EntityCall[] = rounds.map((_, index) => ({
    responseName: index === 0 ? '_entities' : `_entities_${index}`,
    variable: index === 0 ? 'representations' : `representations_${index}`,
    requires: withRealNames(requires, made, (name) =>
      rounds.some((round, other) => other !== index && round.has(name)),
    ),
  }));
  const fields = rounds.map((round, index): FieldNode => {
    const isElsewhere = (name: string): boolean => {
      const needed = [...(needs.get(name) ?? [])].filter((need) => used.includes(need));
      return needed.length === 0 ? index !== 0 : !needed.every((need) => round.has(need));
    };
    const { responseName = '', variable = '' } = calls[index] ?? {};
    return {
      ...entities,
      alias: { kind: Kind.NAME, value: responseName },
      arguments: [
        {
          kind: Kind.ARGUMENT,
          name: { kind: Kind.NAME, value: 'representations' },
          value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } },
        },
      ],
      selectionSet: withoutFields(selections, isElsewhere),
    };
  });
  const [representations, ...otherVariables] = operation.variableDefinitions ?? [];
  const variableDefinitions = calls.flatMap(({ variable }) =>
    representations
      ? [
          {
            ...representations,
            variable: { kind: Kind.VARIABLE as const, name: { kind: Kind.NAME as const, value: variable } },
          },
        ]
      : [],
  );
  const rewritten = {
    ...operation,
    variableDefinitions: [...variableDefinitions, ...otherVariables],
    selectionSet: { kind: Kind.SELECTION_SET as const, selections: fields },
  };
  return { ...fetch, operation: stripIgnoredCharacters(print(rewritten)), entityCalls: calls };
}

/** Sets of made-up fields that can stand in one representation: no two of the same real field. */
function roundsOf(used: readonly string[], made: RequiredArguments): ReadonlySet<string>[] {
  const rounds: Set<string>[] = [];
  for (const name of used) {
    const real = made.get(name)?.name.value;
    const round = rounds.find(
      (candidate) => ![...candidate].some((other) => made.get(other)?.name.value === real),
    );
    if (round) round.add(name);
    else rounds.push(new Set([name]));
  }
  return rounds;
}

/** Only the top of the fetch is looked at: what requires something is a field of the entity itself. */
function withoutFields(
  selectionSet: SelectionSetNode,
  isLeftOut: (name: string) => boolean,
): SelectionSetNode {
  const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
    if (selection.kind === Kind.FIELD) return isLeftOut(selection.name.value) ? [] : [selection];
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [selection];
    const inner = withoutFields(selection.selectionSet, isLeftOut);
    return [{ ...selection, selectionSet: inner }];
  });
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  return { ...selectionSet, selections: selections.length > 0 ? selections : [typename] };
}

function namesIn(selections: readonly RequiredSelection[]): string[] {
  return selections.flatMap((selection) =>
    selection.kind === 'Field'
      ? [selection.name, ...namesIn(selection.selections ?? [])]
      : namesIn(selection.selections),
  );
}
