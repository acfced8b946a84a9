/** Turns a query plan's tree into the fetches it holds and what each waits for, equal ones joined into one. */
import type { FetchNode, PlanNode, QueryPlan } from '../planning/query-plan.ts';

/** From the root of the data: field names, `@` for every item of a list. */
export type DataPath = readonly (string | number)[];

/** A fetch runs only if the variable has this value. */
export interface FetchCondition {
  readonly variable: string;
  readonly value: boolean;
}

export interface FetchStep {
  readonly fetch: FetchNode;
  /** Where its entities are; `[[]]` for root fields. */
  readonly paths: readonly DataPath[];
  readonly conditions: readonly FetchCondition[];
  /** Indices of steps that come before it in the list. */
  readonly waitsFor: readonly number[];
  /** 0 for a fetch that waits for none. */
  readonly stage: number;
}

/** A plan that the executor does not carry out. */
export class UnsupportedPlanError extends Error {
  override readonly name = 'UnsupportedPlanError';
}

interface Draft {
  readonly fetch: FetchNode;
  readonly paths: DataPath[];
  readonly conditions: readonly FetchCondition[];
  readonly waitsFor: Set<Draft>;
  readonly stage: number;
}

/**
 * Steps in an order in which each comes after those it waits for. Two fetches of one stage that ask one subgraph the
 * same of the same kind of entity, at different paths, become one step: it makes no branch longer in stages.
 *
 * @throws UnsupportedPlanError for `@defer` and subscriptions
 */
export function toFetchGraph(plan: QueryPlan): FetchStep[] {
  const drafts = new Map<string, Draft>();

  /** Returns what a node after this one has to wait for. */
  const visit = (
    node: PlanNode,
    path: DataPath,
    conditions: readonly FetchCondition[],
    waitsFor: ReadonlySet<Draft>,
  ): ReadonlySet<Draft> => {
    switch (node.kind) {
      case 'Sequence':
        return node.nodes.reduce(
          (before, child) => union(before, visit(child, path, conditions, before)),
          waitsFor,
        );
      case 'Parallel':
        return node.nodes.map((child) => visit(child, path, conditions, waitsFor)).reduce(union, waitsFor);
      case 'Flatten':
        return visit(node.node, [...path, ...node.path], conditions, waitsFor);
      case 'Condition': {
        const { condition: variable, ifClause, elseClause } = node;
        const branches = [
          ...(ifClause ? [{ clause: ifClause, value: true }] : []),
          ...(elseClause ? [{ clause: elseClause, value: false }] : []),
        ];
        return branches
          .map(({ clause, value }) => visit(clause, path, [...conditions, { variable, value }], waitsFor))
          .reduce(union, waitsFor);
      }
      case 'Fetch':
        return union(waitsFor, new Set([addFetch(node, path, conditions, waitsFor)]));
      default:
        throw new UnsupportedPlanError(`${node.kind} is not supported.`);
    }
  };

  const addFetch = (
    fetch: FetchNode,
    path: DataPath,
    conditions: readonly FetchCondition[],
    waitsFor: ReadonlySet<Draft>,
  ): Draft => {
    const stage = Math.max(-1, ...[...waitsFor].map((draft) => draft.stage)) + 1;
    const key = fetch.requires ? joinKey(fetch, conditions, stage) : `${drafts.size}`;
    const joined = drafts.get(key);
    if (joined) {
      joined.paths.push(path);
      for (const draft of waitsFor) joined.waitsFor.add(draft);
      return joined;
    }
    const draft: Draft = { fetch, paths: [path], conditions, waitsFor: new Set(waitsFor), stage };
    drafts.set(key, draft);
    return draft;
  };

  if (plan.node) visit(plan.node, [], [], new Set());
  const ordered = [...drafts.values()].sort((a, b) => a.stage - b.stage);
  return ordered.map(({ waitsFor, ...step }) => ({ ...step, waitsFor: withoutImplied(waitsFor, ordered) }));
}

/** Everything but the operation's name, in which the planner counts the fetches. */
function joinKey(fetch: FetchNode, conditions: readonly FetchCondition[], stage: number): string {
  const { operation, operationName, ...rest } = fetch;
  const unnamed = operationName ? operation.replace(operationName, '') : operation;
  return JSON.stringify([stage, conditions, unnamed, rest]);
}

/** A step that waits for another waits for what that one waits for. */
function withoutImplied(waitsFor: ReadonlySet<Draft>, ordered: readonly Draft[]): number[] {
  const implied = new Set([...waitsFor].flatMap((draft) => [...draft.waitsFor]));
  return [...waitsFor].filter((draft) => !implied.has(draft)).map((draft) => ordered.indexOf(draft));
}

function union<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  return new Set([...a, ...b]);
}
