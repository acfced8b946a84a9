/** What the subgraphs themselves demand of a caller: `@authenticated` and `@requiresScopes`, by schema coordinate. */
import type { DocumentNode } from 'graphql';
import { StartupError } from '../startup-error.ts';
import { findAppliedDirectives } from '../supergraph/applied-directives.ts';
import { rule, type ShieldRule } from './shield.ts';

const isAuthenticated = rule('@authenticated')((_parent, _args, { principal }) => principal.kind === 'user');

/** One rule per application; all of a coordinate's rules must allow. @throws StartupError for `@policy`, which nothing here can enforce */
export function readSecurityDirectives(supergraph: DocumentNode): ReadonlyMap<string, readonly ShieldRule[]> {
  const policies = findAppliedDirectives(supergraph, 'policy', 'policy');
  if (policies.size > 0) {
    throw new StartupError(
      `The supergraph uses @policy on ${[...policies.keys()].join(', ')}, which nothing enforces yet. ` +
        'Express it as a rule of the policy file and remove the directive.',
    );
  }
  const demands = new Map<string, ShieldRule[]>();
  for (const [coordinate] of findAppliedDirectives(supergraph, 'authenticated', 'authenticated')) {
    demands.set(coordinate, [isAuthenticated]);
  }
  for (const [coordinate, applications] of findAppliedDirectives(
    supergraph,
    'requiresScopes',
    'requiresScopes',
  )) {
    const scopeRules = applications.map(({ scopes }) => requiresScopes(scopes as string[][]));
    demands.set(coordinate, [...(demands.get(coordinate) ?? []), ...scopeRules]);
  }
  return demands;
}

/** Any of the outer lists suffices; of an inner list every scope is needed. */
function requiresScopes(alternatives: readonly (readonly string[])[]): ShieldRule {
  return rule(`@requiresScopes ${JSON.stringify(alternatives)}`)((_parent, _args, { principal }) =>
    alternatives.some((needed) => needed.every((scope) => principal.scopes.includes(scope))),
  );
}
