/**
 * Makes of the planner's plan the one to carry out: made-up fields become real calls again, what is required only under
 * a condition may be missing, and every entity is asked for its type.
 */
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
} from 'graphql';
import { type AskedField, askedFields } from './asked-fields.ts';
import type { FetchNode, PlanNode, QueryPlan, RequiredSelection } from './query-plan.ts';
import type { RequiredArguments, SeparatedSupergraph } from './required-arguments.ts';
import { splitCalls } from './split-calls.ts';

export function finishPlan(plan: QueryPlan, separated: SeparatedSupergraph): QueryPlan {
  return plan.node ? { ...plan, node: finishNode(plan.node, separated) } : plan;
}

function finishNode(node: PlanNode, separated: SeparatedSupergraph): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map((child) => finishNode(child, separated)) };
    case 'Flatten':
      return { ...node, node: finishNode(node.node, separated) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause && { ifClause: finishNode(node.ifClause, separated) }),
        ...(node.elseClause && { elseClause: finishNode(node.elseClause, separated) }),
      };
    case 'Fetch':
      return finishFetch(node, separated);
    default:
      return node;
  }
}

function finishFetch(fetch: FetchNode, separated: SeparatedSupergraph): FetchNode {
  const holdsMadeUp =
    /\b_r\d+_/.test(fetch.operation) || /"_r\d+_/.test(JSON.stringify(fetch.requires ?? []));
  if (!fetch.requires && !holdsMadeUp) return fetch;
  if (!holdsMadeUp && !/@(?:skip|include)\(/.test(fetch.operation)) {
    const operation = withTypename(fetch.operation);
    if (operation !== undefined) return { ...fetch, operation };
  }
  const document = withRealFields(parse(fetch.operation, { noLocation: true }), separated.requiredArguments);
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || !fetch.requires)
    return { ...fetch, ...toText(document) };
  const [entities] = operation.selectionSet.selections;
  if (entities?.kind !== Kind.FIELD || !entities.selectionSet) return fetch;
  const asked = askedFields(entities.selectionSet, separated);
  const requires = withOptionalFields(fetch.requires, asked);
  const split = splitCalls({ operation, entities, requires, asked }, separated);
  return { ...fetch, ...split.calls, ...toText(withTypenames(split.operation)) };
}

function toText(node: DocumentNode | OperationDefinitionNode): { readonly operation: string } {
  return { operation: stripIgnoredCharacters(print(node)) };
}

function withRealFields(document: DocumentNode, made: RequiredArguments): DocumentNode {
  if (made.size === 0) return document;
  return visit(document, {
    [Kind.FIELD](field: FieldNode) {
      const real = made.get(field.name.value);
      if (!real) return undefined;
      return { ...field, alias: field.alias ?? field.name, name: real.name, arguments: real.arguments ?? [] };
    },
  });
}

/** Where a condition does not hold, nothing has fetched what only the fields under it require. */
function withOptionalFields(
  requires: readonly RequiredSelection[],
  asked: readonly AskedField[],
): readonly RequiredSelection[] {
  const pathsOf = (isConditional: boolean): Set<string> =>
    new Set(
      asked
        .filter((field) => field.isConditional === isConditional)
        .flatMap(({ needs }) => [...(needs?.paths ?? [])]),
    );
  const sometimes = pathsOf(true);
  if (sometimes.size === 0) return requires;
  const always = pathsOf(false);
  const mark = (selections: readonly RequiredSelection[], above: string): RequiredSelection[] =>
    selections.map((selection) => {
      if (selection.kind === 'InlineFragment')
        return { ...selection, selections: mark(selection.selections, above) };
      const path = `${above}${selection.name}`;
      const inner = selection.selections && { selections: mark(selection.selections, `${path}.`) };
      const optional = sometimes.has(path) && !always.has(path);
      return { ...selection, ...inner, ...(optional && { optional }) };
    });
  return mark(requires, '');
}

/** `withTypenames` for most texts, without reading them; `undefined` where a client's text might stand in the way. */
function withTypename(operation: string): string | undefined {
  const start = '{_entities(representations:$representations){';
  const [before, ...rest] = operation.split(start);
  if (before === undefined || rest.length === 0 || before.includes('"')) return undefined;
  return `${before}${start}__typename ${rest.join(start)}`;
}

/** So that nobody takes one entity for another: the planner asks for the type only where it does not know it. */
function withTypenames(operation: OperationDefinitionNode): OperationDefinitionNode {
  const selections = operation.selectionSet.selections.map((call) => {
    if (call.kind !== Kind.FIELD || !call.selectionSet) return call;
    return {
      ...call,
      selectionSet: { ...call.selectionSet, selections: [typename, ...call.selectionSet.selections] },
    };
  });
  return { ...operation, selectionSet: { ...operation.selectionSet, selections } };
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
