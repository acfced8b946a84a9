/** The shape of a query plan as it comes from the planner: plain data, fit to be sent between threads and stored. */

export interface QueryPlan {
  readonly kind: 'QueryPlan';
  /** Absent when nothing has to be fetched. */
  readonly node?: PlanNode;
}

export type PlanNode =
  | SequenceNode
  | ParallelNode
  | FetchNode
  | FlattenNode
  | ConditionNode
  | UnsupportedNode;

export interface SequenceNode {
  readonly kind: 'Sequence';
  readonly nodes: readonly PlanNode[];
}

export interface ParallelNode {
  readonly kind: 'Parallel';
  readonly nodes: readonly PlanNode[];
}

/** Sets the place in the answer that the fetch below reads its entities from and merges into; `@` is every item. */
export interface FlattenNode {
  readonly kind: 'Flatten';
  readonly path: readonly (string | number)[];
  readonly node: PlanNode;
}

export interface ConditionNode {
  readonly kind: 'Condition';
  /** The name of a Boolean variable. */
  readonly condition: string;
  readonly ifClause?: PlanNode;
  readonly elseClause?: PlanNode;
}

export interface UnsupportedNode {
  readonly kind: 'Defer' | 'Subscription';
}

export interface FetchNode {
  readonly kind: 'Fetch';
  readonly serviceName: string;
  readonly operation: string;
  readonly operationName?: string;
  readonly operationKind: 'query' | 'mutation' | 'subscription';
  readonly variableUsages?: readonly string[];
  /** What each representation holds; absent for a fetch of root fields. */
  readonly requires?: readonly RequiredSelection[];
  /** Several calls of `_entities` in one request, in place of the one that `requires` describes. */
  readonly entityCalls?: readonly EntityCall[];
  readonly inputRewrites?: readonly Rewrite[];
  readonly outputRewrites?: readonly Rewrite[];
  readonly contextRewrites?: readonly KeyRenamer[];
}

/** One `_entities` field of a fetch. */
export interface EntityCall {
  readonly responseName: string;
  /** The variable that holds its representations. */
  readonly variable: string;
  readonly requires: readonly RequiredSelection[];
}

export type RequiredSelection = RequiredField | RequiredFragment;

export interface RequiredField {
  readonly kind: 'Field';
  readonly name: string;
  /** The name under which the data holds it. */
  readonly alias?: string;
  readonly selections?: readonly RequiredSelection[];
  /** Needed only for fields under a condition: where that does not hold, nothing has fetched it. */
  readonly optional?: boolean;
}

export interface RequiredFragment {
  readonly kind: 'InlineFragment';
  readonly typeCondition?: string;
  readonly selections: readonly RequiredSelection[];
}

export type Rewrite = ValueSetter | KeyRenamer;

/** Path elements are field names, or `... on Type` for a condition. */
export interface ValueSetter {
  readonly kind: 'ValueSetter';
  readonly path: readonly string[];
  readonly setValueTo: unknown;
}

export interface KeyRenamer {
  readonly kind: 'KeyRenamer';
  readonly path: readonly string[];
  readonly renameKeyTo: string;
}
