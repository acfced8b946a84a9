/** graphql-shield's language of rules, without its middleware: that one decides only after the data has been fetched. */
import { createRequire } from 'node:module';
import type { Principal } from '../principal.ts';

/** What a rule may look at: who asks, and which field. */
export interface AccessContext {
  readonly principal: Principal;
}

export interface AccessInfo {
  /** `Type.field`. */
  readonly coordinate: string;
}

/** Decides by the arguments and the caller; there is no parent, because nothing has been fetched yet. */
export type RuleFunction = (
  parent: undefined,
  args: Readonly<Record<string, unknown>>,
  context: AccessContext,
  info: AccessInfo,
) => boolean | string | Error | Promise<boolean | string | Error>;

export interface LeafRule {
  readonly name: string;
  resolve(
    parent: undefined,
    args: Readonly<Record<string, unknown>>,
    context: AccessContext,
    info: AccessInfo,
    options: { debug: true; hashFunction: (value: unknown) => string },
  ): Promise<true | false | Error>;
}

export interface LogicRule {
  getRules(): readonly ShieldRule[];
}

export type ShieldRule = LeafRule | LogicRule;

type Combine = (...rules: ShieldRule[]) => LogicRule;

interface Shield {
  rule(name?: string): (decide: RuleFunction) => LeafRule;
  and: Combine;
  or: Combine;
  chain: Combine;
  race: Combine;
  not(rule: ShieldRule): LogicRule;
  allow: LogicRule;
  deny: LogicRule;
}

const require = createRequire(import.meta.url);
// Node 23 removed this function, which graphql-shield 7.6.5 calls in `chain` and `race`.
require('node:util').isUndefined ??= (value: unknown) => value === undefined;

export const { rule, and, or, not, chain, race, allow, deny }: Shield = require('graphql-shield');

export type RuleKind = 'leaf' | 'and' | 'or' | 'chain' | 'race' | 'not' | 'allow' | 'deny';

const kinds = new Map<unknown, Exclude<RuleKind, 'leaf'>>([
  [and(allow).constructor, 'and'],
  [or(allow).constructor, 'or'],
  [chain(allow).constructor, 'chain'],
  [race(allow).constructor, 'race'],
  [not(allow).constructor, 'not'],
  [allow.constructor, 'allow'],
  [deny.constructor, 'deny'],
]);

export type ClassifiedRule =
  | { readonly kind: 'leaf'; readonly leaf: LeafRule }
  | { readonly kind: Exclude<RuleKind, 'leaf'>; readonly parts: readonly ShieldRule[] };

/** What a rule is made of: graphql-shield exports its constructors but not its classes. */
export function classify(shieldRule: ShieldRule): ClassifiedRule {
  const kind = kinds.get(shieldRule.constructor);
  if (kind && 'getRules' in shieldRule) return { kind, parts: shieldRule.getRules() };
  return { kind: 'leaf', leaf: shieldRule as LeafRule };
}

export function isShieldRule(value: unknown): value is ShieldRule {
  return (
    typeof value === 'object' && value !== null && 'resolve' in value && typeof value.resolve === 'function'
  );
}
