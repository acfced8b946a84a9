/** Finds access rules that a new schema leaves without an object, and fields that would show what is protected elsewhere. */
import { type DocumentNode, type GraphQLSchema, Kind } from 'graphql';
import { unknownCoordinates } from '../../gateway/access/check-policy.ts';
import { readDependencies } from '../../gateway/access/dependencies.ts';
import type { Policy } from '../../gateway/access/policy.ts';
import { checkSecurityLinks } from '../../gateway/access/security-links.ts';
import { StartupError } from '../../gateway/startup-error.ts';
import { findAppliedDirectives } from '../../gateway/supergraph/applied-directives.ts';
import type { Problem } from './problem.ts';

/** What the policy names and the schema had, but would have no longer. */
export function findDanglingRules(
  policy: Policy,
  before: GraphQLSchema | undefined,
  after: GraphQLSchema,
): Problem[] {
  const missing = new Set(before ? unknownCoordinates(policy, before) : unknownCoordinates(policy, after));
  return unknownCoordinates(policy, after)
    .filter((coordinate) => !missing.has(coordinate))
    .map((coordinate) => ({
      code: 'ACCESS_RULE_DANGLES',
      coordinate,
      message: `An access rule names ${coordinate}, which would be gone. Change the rule first.`,
    }));
}

export function findUnknownSecurity(supergraph: DocumentNode): Problem[] {
  try {
    checkSecurityLinks(supergraph);
    return [];
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return [{ code: 'SECURITY_LINK', message: error.message }];
  }
}

/**
 * A field that reads a protected one, by `@requires` or in a chain of them, must demand at least what that demands. The
 * gateway would refuse those without the rights all the same; who wrote the field should know before.
 */
export function findRequiresLeaks(supergraph: DocumentNode, permissions: Policy['permissions']): Problem[] {
  const dependenciesOf = readDependencies(supergraph);
  const demandsOf = createDemandsOf(supergraph, permissions);
  const problems: Problem[] = [];
  for (const definition of supergraph.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const typeName = definition.name.value;
    for (const { name } of definition.fields ?? []) {
      const own = demandsOf(typeName, name.value);
      const reached = new Map<string, readonly string[]>();
      const follow = (type: string, field: string): void => {
        for (const dependency of dependenciesOf(type, field)) {
          const coordinate = `${dependency.typeName}.${dependency.node.name.value}`;
          if (reached.has(coordinate)) continue;
          reached.set(coordinate, demandsOf(dependency.typeName, dependency.node.name.value));
          follow(dependency.typeName, dependency.node.name.value);
        }
      };
      follow(typeName, name.value);
      for (const [read, demands] of reached) {
        const lacking = demands.filter((demand) => !own.includes(demand));
        if (lacking.length === 0) continue;
        const coordinate = `${typeName}.${name.value}`;
        const message = `${coordinate} reads ${read}, which demands ${lacking.join(' and ')}. It must demand the same.`;
        problems.push({ code: 'REQUIRES_LEAKS', coordinate, message });
      }
    }
  }
  return problems;
}

function createDemandsOf(supergraph: DocumentNode, permissions: Policy['permissions']) {
  const applied = ['authenticated', 'requiresScopes', 'policy'].map(
    (directive) => [directive, findAppliedDirectives(supergraph, directive, directive)] as const,
  );
  return (typeName: string, fieldName: string): string[] => {
    const coordinate = `${typeName}.${fieldName}`;
    const fromSubgraphs = applied.flatMap(([directive, found]) =>
      [coordinate, typeName].flatMap((place) =>
        (found.get(place) ?? []).map((args) =>
          Object.keys(args).length > 0 ? `@${directive}(${JSON.stringify(args)})` : `@${directive}`,
        ),
      ),
    );
    const granting = Object.entries(permissions)
      .filter(([, places]) =>
        places.some((place) => place === coordinate || place === typeName || place === `${typeName}.*`),
      )
      .map(([permission]) => permission);
    return [
      ...new Set([
        ...fromSubgraphs,
        ...(granting.length > 0 ? [`the permission ${granting.join(' or ')}`] : []),
      ]),
    ];
  };
}
