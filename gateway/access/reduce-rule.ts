/** Works out what of a rule the caller's roles decide already, so that only the rest is asked for each request. */
import type { Roles } from '../principal.ts';
import {
  allow,
  and,
  chain,
  classify,
  deny,
  type Grants,
  isRoleRule,
  not,
  or,
  race,
  type ShieldRule,
} from './shield.ts';

/** Decided, or a rule that decides as the whole one does for these roles. */
export type ReducedRule = 'allow' | 'deny' | ShieldRule;

/** Exact in all three values: nothing is decided that a rule which fails could still make an error. */
export function reduceRule(shieldRule: ShieldRule, grants: Grants, roles: Roles): ReducedRule {
  const classified = classify(shieldRule);
  if (classified.kind === 'leaf') {
    const { leaf } = classified;
    if (!isRoleRule(leaf)) return leaf;
    return leaf.decideByRoles(grants, roles) ? 'allow' : 'deny';
  }
  const parts = classified.parts.map((part) => reduceRule(part, grants, roles));
  switch (classified.kind) {
    case 'allow':
    case 'deny':
      return classified.kind;
    case 'not':
      return negate(parts[0] as ReducedRule);
    case 'and':
      return parts.includes('deny') ? 'deny' : join(and, parts.filter(isOpen), 'allow');
    case 'or':
      return parts.includes('allow') ? 'allow' : join(or, parts.filter(isOpen), 'deny');
    case 'chain':
      return inTurn(chain, parts, 'deny', 'allow');
    case 'race':
      return inTurn(race, parts, 'allow', 'deny');
  }
}

function isOpen(part: ReducedRule): part is ShieldRule {
  return part !== 'allow' && part !== 'deny';
}

function negate(part: ReducedRule): ReducedRule {
  if (part === 'allow') return 'deny';
  return part === 'deny' ? 'allow' : not(part);
}

function join(
  combine: (...rules: ShieldRule[]) => ShieldRule,
  parts: readonly ShieldRule[],
  ifNone: 'allow' | 'deny',
): ReducedRule {
  const [first, ...others] = parts;
  if (!first) return ifNone;
  return others.length === 0 ? first : combine(first, ...others);
}

/** What stands after a part that is still open is reached only when that one does not end the turn, by failing too. */
function inTurn(
  combine: (...rules: ShieldRule[]) => ShieldRule,
  parts: readonly ReducedRule[],
  ending: 'allow' | 'deny',
  passing: 'allow' | 'deny',
): ReducedRule {
  const end = parts.indexOf(ending);
  const reached = (end === -1 ? parts : parts.slice(0, end)).filter(isOpen);
  if (end === -1) return join(combine, reached, passing);
  if (reached.length === 0) return ending;
  return combine(...reached, ending === 'deny' ? deny : allow);
}
