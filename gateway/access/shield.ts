/** graphql-shield's language of rules, without its middleware: that one decides only after the data has been fetched. */
import { createRequire } from 'node:module';
import type { Principal, Roles } from '../principal.ts';

/** What a rule may look at: who asks, and which field. */
export interface AccessContext {
  readonly principal: Principal;
}

export interface AccessInfo {
  /** `Type.field`, or `Type` where a type is guarded. */
  readonly coordinate: string;
}

/** Decides by the arguments and the caller; there is no parent, because nothing has been fetched yet. */
export type RuleFunction = (
  parent: undefined,
  args: Readonly<Record<string, unknown>>,
  context: AccessContext,
  info: AccessInfo,
) => boolean | string | Error | Promise<boolean | string | Error>;

/** What a caller has by the roles held, whoever it is. */
export type Grants = Pick<Principal, 'kind' | 'level' | 'scopes'>;

export interface LeafRule {
  readonly name: string;
  /** `contextual` promises to read neither arguments nor coordinate: it is asked once per request. */
  readonly cache?: unknown;
  resolve(
    parent: undefined,
    args: Readonly<Record<string, unknown>>,
    context: AccessContext,
    info: AccessInfo,
    options: { debug: true; hashFunction: (value: unknown) => string },
  ): Promise<true | false | Error>;
}

/** A rule whose answer is the same for all who hold the same roles, so that it is kept from one request to the next. */
export interface RoleRule extends LeafRule {
  readonly needs: { readonly role: string } | { readonly permission: string } | undefined;
  decideByRoles(grants: Grants, roles: Roles): boolean;
}

export interface LogicRule {
  getRules(): readonly ShieldRule[];
}

export type ShieldRule = LeafRule | LogicRule;

type Combine = (...rules: ShieldRule[]) => LogicRule;

interface RuleOptions {
  readonly cache?: 'contextual' | 'strict' | 'no_cache';
}

interface Shield {
  rule(name?: string, options?: RuleOptions): (decide: RuleFunction) => LeafRule;
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

/** @param needs what the policy must know for the rule to mean anything */
export function roleRule(
  name: string,
  decideByRoles: RoleRule['decideByRoles'],
  needs?: RoleRule['needs'],
): RoleRule {
  const leaf = rule(name)(() => new Error('Only the roles in force can decide this rule.'));
  return Object.assign(leaf, { decideByRoles, needs });
}

export function isRoleRule(leaf: LeafRule): leaf is RoleRule {
  return 'decideByRoles' in leaf;
}

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

/** The functions that a rule is made of, each as often as it occurs. */
export function leavesOf(shieldRule: ShieldRule): LeafRule[] {
  const classified = classify(shieldRule);
  return classified.kind === 'leaf' ? [classified.leaf] : classified.parts.flatMap(leavesOf);
}

/** As it stands in the policy: `and(at least USER, not(closed))`. */
export function describeRule(shieldRule: ShieldRule): string {
  const classified = classify(shieldRule);
  if (classified.kind === 'leaf') return classified.leaf.name;
  const { kind, parts } = classified;
  return kind === 'allow' || kind === 'deny' ? kind : `${kind}(${parts.map(describeRule).join(', ')})`;
}

export function isShieldRule(value: unknown): value is ShieldRule {
  return (
    typeof value === 'object' && value !== null && 'resolve' in value && typeof value.resolve === 'function'
  );
}
