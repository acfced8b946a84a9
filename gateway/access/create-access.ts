/** Compiles a policy against one supergraph into the stage that decides by it. */
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Roles } from '../principal.ts';
import { StartupError } from '../startup-error.ts';
import { type Authorize, createAuthorize } from './authorize.ts';
import { unknownCoordinates } from './check-policy.ts';
import { type AccessRules, compileRules } from './compile-rules.ts';
import { readDependencies } from './dependencies.ts';
import type { Policy } from './policy.ts';
import { readSecurityDirectives } from './security-directives.ts';

export interface AccessSettings {
  readonly denied: 'refuse' | 'filter';
  readonly ruleTimeoutMs: number;
  /** Who may read the schema: `off`, `dev`, or the least role. */
  readonly introspection: string;
}

export interface AccessOptions extends AccessSettings {
  readonly supergraph: DocumentNode;
  readonly schema: GraphQLSchema;
  readonly policy: Policy;
  readonly dev: boolean;
  readonly maxFiltered: number;
  /** Fields of Mutation that the settings name beside the policy, for a guard of another kind. */
  readonly guardedMutations?: readonly string[];
  /** Told of all that the policy and the settings name and the schema does not have: such rules guard nothing. It may throw. */
  readonly onUnknownCoordinates: (coordinates: readonly string[]) => void;
}

export interface Access {
  readonly authorize: Authorize;
  /** Whether anybody may read the schema. */
  readonly introspection: boolean;
}

/** @throws StartupError when the supergraph demands what nothing can enforce */
export function createAccess(options: AccessOptions): Access {
  const { schema, policy, guardedMutations = [], onUnknownCoordinates } = options;
  const rules = compileAccessRules(options);
  const mutations = schema.getMutationType()?.getFields() ?? {};
  onUnknownCoordinates([
    ...unknownCoordinates(policy, schema),
    ...guardedMutations.filter((name) => !Object.hasOwn(mutations, name)).map((name) => `Mutation.${name}`),
  ]);
  const introspectionLevel = toLevel(options, policy.roles);
  return {
    authorize: createAuthorize({ ...options, rules, roles: policy.roles, introspectionLevel }),
    introspection: introspectionLevel < Number.POSITIVE_INFINITY,
  };
}

export function compileAccessRules({
  supergraph,
  schema,
  policy,
}: Pick<AccessOptions, 'supergraph' | 'schema' | 'policy'>): AccessRules {
  return compileRules({
    schema,
    policy,
    demands: readSecurityDirectives(supergraph, policy.policies),
    dependenciesOf: readDependencies(supergraph),
  });
}

/** For a start: what the policy names must be there. @throws StartupError that lists what is not */
export function refuseUnknownCoordinates(coordinates: readonly string[]): void {
  if (coordinates.length === 0) return;
  throw new StartupError(
    `The policy names ${coordinates.join(', ')}, which the schema does not have. Correct the policy (or signing.userKeyMutations), or publish the schema first.`,
  );
}

function toLevel({ introspection, dev }: Pick<AccessOptions, 'introspection' | 'dev'>, roles: Roles): number {
  if (introspection === 'off') return Number.POSITIVE_INFINITY;
  if (introspection === 'dev') return dev ? 0 : Number.POSITIVE_INFINITY;
  const role = Object.hasOwn(roles, introspection) ? roles[introspection] : undefined;
  if (!role)
    throw new StartupError(
      `access.introspection: ${introspection} is neither \`off\` nor \`dev\` nor a role of the policy.`,
    );
  return role.level;
}
