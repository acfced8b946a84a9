/** Keeps, for callers who hold the same roles, what these alone decide. */
import type { GraphQLSchema } from 'graphql';
import type { OperationAnalysis } from '../operation/analyse.ts';
import type { Principal, Roles } from '../principal.ts';
import type { Question, Questions } from './questions.ts';
import { type ReducedRule, reduceRule } from './reduce-rule.ts';
import type { Grants, ShieldRule } from './shield.ts';

/** A question that roles alone do not decide. */
export interface OpenQuestion {
  readonly question: Question;
  /** What is left of its rule. */
  readonly rule: ShieldRule;
}

/** What roles decide of one operation. */
export interface Verdict {
  readonly denied: ReadonlySet<Question>;
  readonly open: readonly OpenQuestion[];
}

export interface RoleSet {
  reduce(rule: ShieldRule): ReducedRule;
  verdictOn(analysis: OperationAnalysis, questions: Questions): Verdict;
  /** What introspection shows; worked out when it is first asked for. */
  visibleSchema?: GraphQLSchema;
}

/** @param maxRoleSets kept; the one not seen for longest makes room */
export function createRoleSets(roles: Roles, maxRoleSets: number): (principal: Principal) => RoleSet {
  const known = new Map<string, RoleSet>();
  return ({ kind, level, scopes }) => {
    const key = `${kind} ${level} ${scopes.join()}`;
    const roleSet = known.get(key) ?? createRoleSet({ kind, level, scopes }, roles);
    // Until one has to make room, the order matters to nobody.
    if (known.size >= maxRoleSets) known.delete(key);
    known.set(key, roleSet);
    const [oldest] = known.size > maxRoleSets ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    return roleSet;
  };
}

function createRoleSet(grants: Grants, roles: Roles): RoleSet {
  const reduced = new WeakMap<ShieldRule, { readonly rule: ReducedRule }>();
  const verdicts = new WeakMap<OperationAnalysis, Verdict>();
  const reduce = (rule: ShieldRule): ReducedRule => {
    const known = reduced.get(rule) ?? { rule: reduceRule(rule, grants, roles) };
    reduced.set(rule, known);
    return known.rule;
  };
  return {
    reduce,
    verdictOn(analysis, questions) {
      const verdict = verdicts.get(analysis) ?? judge(questions, reduce);
      verdicts.set(analysis, verdict);
      return verdict;
    },
  };
}

function judge({ all }: Questions, reduce: RoleSet['reduce']): Verdict {
  const denied = new Set<Question>();
  const open: OpenQuestion[] = [];
  for (const question of all) {
    const rule = reduce(question.guard.rule);
    if (rule === 'deny') denied.add(question);
    else if (rule !== 'allow') open.push({ question, rule });
  }
  return { denied, open };
}
