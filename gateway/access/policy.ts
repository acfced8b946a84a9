/** What a policy is made of: rules as code, and roles and permissions as data. */
import type { Roles } from '../principal.ts';
import type { ShieldRule } from './shield.ts';

/** By type name: one rule for the whole type, or a rule for each field, `*` standing for those not named. */
export type RuleTree = Readonly<Record<string, ShieldRule | Readonly<Record<string, ShieldRule>>>>;

/**
 * By permission: the coordinates that need it, `Type`, `Type.field` or `Type.*`. A coordinate that several permissions
 * name needs one of them.
 */
export type Permissions = Readonly<Record<string, readonly string[]>>;

export interface Policy {
  /** Absent in development without a policy: everything is open but what subgraphs and permissions protect. */
  readonly rules: RuleTree | undefined;
  readonly roles: Roles;
  readonly permissions: Permissions;
  /** What decides `@policy` in subgraphs, by the policy's name. */
  readonly policies: Readonly<Record<string, ShieldRule>>;
}
