/** Stage 13: asks every rule that guards a part of the operation, and says what of it may run. */
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import { RequestError } from '../errors.ts';
import type { PlannableOperation } from '../execution/execute.ts';
import type { OperationAnalysis } from '../operation/analyse.ts';
import type { Principal, Roles } from '../principal.ts';
import type { AccessRules } from './compile-rules.ts';
import { createDecide, type Decision } from './decide.ts';
import { createFilter } from './filter.ts';
import { createListQuestions, type Question, type Questions, toAsked } from './questions.ts';
import { createRoleSets, type OpenQuestion } from './role-sets.ts';
import { createVisibleSchemas } from './visible-schema.ts';

/** What may run in place of what was asked. */
export interface Permitted extends PlannableOperation {
  /** What introspection shows to this caller; absent when it is not asked for. */
  readonly visibleSchema?: GraphQLSchema;
  /** Puts nulls and errors into the answer where something was taken out. */
  complete?(result: ExecutionResult): ExecutionResult;
}

/** Where nothing is left to run, the answer itself. */
export type Ruling = Permitted | { readonly answer: ExecutionResult };

/**
 * Decides at once where the caller's roles decide all. Throws UNAUTHENTICATED when a guest is denied, FORBIDDEN when a
 * user is, AUTHORIZATION_UNAVAILABLE when a rule that matters could not be decided.
 *
 * @param variables coerced
 */
export type Authorize = (
  asked: PlannableOperation,
  analysis: OperationAnalysis,
  variables: Readonly<Record<string, unknown>>,
  principal: Principal,
) => Ruling | Promise<Ruling>;

export interface AuthorizeOptions {
  readonly schema: GraphQLSchema;
  readonly rules: AccessRules;
  readonly roles: Roles;
  /** What becomes of a query with a denied field. Mutations are always refused whole. */
  readonly denied: 'refuse' | 'filter';
  /** How long one rule may take before it counts as failed. */
  readonly ruleTimeoutMs: number;
  /** Filtered operations kept; the one unused for longest makes room. */
  readonly maxFiltered: number;
  /** The least level that may read the schema. */
  readonly introspectionLevel: number;
}

const maxRoleSets = 1_000;

export function createAuthorize(options: AuthorizeOptions): Authorize {
  const { schema, rules, ruleTimeoutMs, introspectionLevel } = options;
  const listQuestions = createListQuestions(rules, schema);
  const known = new WeakMap<OperationAnalysis, Questions>();
  const roleSetOf = createRoleSets(options.roles, maxRoleSets);
  const visibleSchemaOf = createVisibleSchemas(schema, rules);
  const filter = createFilter(schema, options.maxFiltered);

  const questionsOf = (asked: PlannableOperation, analysis: OperationAnalysis): Questions => {
    const questions = known.get(analysis) ?? listQuestions(asked.document, analysis);
    known.set(analysis, questions);
    return questions;
  };

  const decideOpen = async (
    open: readonly OpenQuestion[],
    variables: Readonly<Record<string, unknown>>,
    principal: Principal,
  ): Promise<readonly Decision[]> => {
    const decide = createDecide({ principal }, ruleTimeoutMs);
    return Promise.all(open.map(({ question, rule }) => decide(rule, toAsked(question, variables))));
  };

  return (asked, analysis, variables, principal) => {
    const questions = questionsOf(asked, analysis);
    const roleSet = roleSetOf(principal);
    if (questions.introspects && principal.level < introspectionLevel) throw refusal(principal);
    const { denied, open } = roleSet.verdictOn(analysis, questions);
    const isFiltered = options.denied === 'filter' && analysis.operation.operation === 'query';
    const permit = (refused: ReadonlySet<Question>): Ruling => {
      if (refused.size > 0 && !isFiltered) throw refusal(principal);
      const permitted =
        refused.size === 0 ? asked : filter({ asked, analysis, questions, refused, variables });
      if (!permitted) throw refusal(principal);
      if (!questions.introspects || 'answer' in permitted) return permitted;
      return { ...permitted, visibleSchema: visibleSchemaOf(roleSet) };
    };
    if (open.length === 0 || (denied.size > 0 && !isFiltered)) return permit(denied);
    return decideOpen(open, variables, principal).then((decisions) => {
      const refused = new Set(denied);
      for (const [index, { question }] of open.entries()) {
        if (decisions[index] === 'deny') refused.add(question);
      }
      if (decisions.includes('error') && (refused.size === 0 || isFiltered)) throw undecided();
      return permit(refused);
    });
  };
}

export function refusal(principal: Principal): RequestError {
  return principal.kind === 'guest'
    ? new RequestError('UNAUTHENTICATED', 'This operation needs a login.')
    : new RequestError('FORBIDDEN', 'You may not run this operation.');
}

function undecided(): RequestError {
  return new RequestError('AUTHORIZATION_UNAVAILABLE', 'Access cannot be decided now.', {
    'retry-after': '1',
  });
}
