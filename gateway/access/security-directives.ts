/** What the subgraphs themselves demand of a caller: `@authenticated`, `@requiresScopes` and `@policy`, by coordinate. */
import type { DocumentNode } from 'graphql';
import { StartupError } from '../startup-error.ts';
import { type DirectiveArguments, findAppliedDirectives } from '../supergraph/applied-directives.ts';
import { checkSecurityLinks } from './security-links.ts';
import { and, deny, or, roleRule, type ShieldRule } from './shield.ts';

/** One rule per application; all of a coordinate's rules must allow. */
export type Demands = ReadonlyMap<string, readonly ShieldRule[]>;

/**
 * @param policies what decides `@policy`, by name
 * @throws StartupError for a link that may mean one of the three but is none, and for policies that nothing decides
 */
export function readSecurityDirectives(
  supergraph: DocumentNode,
  policies: Readonly<Record<string, ShieldRule>>,
): Demands {
  checkSecurityLinks(supergraph);
  const demands = new Map<string, ShieldRule[]>();
  const read = (directive: string, toRule: (applied: DirectiveArguments) => ShieldRule): void => {
    for (const [coordinate, applications] of findAppliedDirectives(supergraph, directive, directive)) {
      demands.set(coordinate, [...(demands.get(coordinate) ?? []), ...applications.map(toRule)]);
    }
  };
  const missing = new Set<string>();
  const decidePolicy = (name: string): ShieldRule => {
    const rule = Object.hasOwn(policies, name) ? policies[name] : undefined;
    if (!rule) missing.add(name);
    return rule ?? deny;
  };
  read('authenticated', () => isAuthenticated);
  read('requiresScopes', ({ scopes }) => requiresScopes(toAlternatives(scopes)));
  read('policy', (applied) =>
    or(...toAlternatives(applied.policies).map((needed) => and(...needed.map(decidePolicy)))),
  );
  if (missing.size === 0) return demands;
  throw new StartupError(
    `The supergraph uses @policy with ${[...missing].join(', ')}, which nothing decides. ` +
      'Export a rule for each from the policy module: `policies: { name: rule }`.',
  );
}

const isAuthenticated = roleRule('@authenticated', ({ kind }) => kind === 'user');

/** Any of the outer lists suffices; of an inner list every scope is needed. */
function requiresScopes(alternatives: readonly (readonly string[])[]): ShieldRule {
  return roleRule(`@requiresScopes ${JSON.stringify(alternatives)}`, ({ scopes }) =>
    alternatives.some((needed) => needed.every((scope) => scopes.includes(scope))),
  );
}

/** GraphQL takes a single value for a list of one. */
function toAlternatives(value: unknown): readonly (readonly string[])[] {
  return asList(value).map((inner) => asList(inner).map(String));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
