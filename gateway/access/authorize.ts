/** Stage 13: asks every rule that guards a part of the operation; one refusal refuses the whole of it. */
import { type FieldNode, type GraphQLField, getArgumentValues } from 'graphql';
import { RequestError } from '../errors.ts';
import type { OperationAnalysis } from '../operation/analyse.ts';
import type { Principal } from '../principal.ts';
import type { AccessRules } from './compile-rules.ts';
import { decide } from './decide.ts';
import { classify, type ShieldRule } from './shield.ts';

/** One place in an operation where one rule is asked. */
interface Question {
  readonly rule: ShieldRule;
  readonly coordinate: string;
  /** Absent where a type is guarded, which has no arguments. */
  readonly field?: GraphQLField<unknown, unknown>;
  readonly node?: FieldNode;
}

export type Authorize = (
  analysis: OperationAnalysis,
  variables: Readonly<Record<string, unknown>>,
  principal: Principal,
) => Promise<void>;

/**
 * The function throws UNAUTHENTICATED when a guest is denied, FORBIDDEN when a user is, AUTHORIZATION_UNAVAILABLE when
 * a rule that matters could not be decided.
 */
export function createAuthorize(rules: AccessRules): Authorize {
  const known = new WeakMap<OperationAnalysis, readonly Question[]>();
  return async (analysis, variables, principal) => {
    const questions = known.get(analysis) ?? listQuestions(rules, analysis);
    known.set(analysis, questions);
    if (questions.length === 0) return;
    const answers = await Promise.all(
      questions.map(({ rule, coordinate, field, node }) => {
        const args = field && node && field.args.length > 0 ? getArgumentValues(field, node, variables) : {};
        return decide(rule, { principal }, { args, info: { coordinate } });
      }),
    );
    if (answers.includes('deny')) {
      throw principal.kind === 'guest'
        ? new RequestError('UNAUTHENTICATED', 'This operation needs a login.')
        : new RequestError('FORBIDDEN', 'You may not run this operation.');
    }
    if (answers.includes('error')) {
      throw new RequestError('AUTHORIZATION_UNAVAILABLE', 'Access cannot be decided now.', {
        'retry-after': '1',
      });
    }
  };
}

/** Each rule once for each coordinate, and once more for each occurrence with arguments; `allow` need not be asked. */
function listQuestions(rules: AccessRules, analysis: OperationAnalysis): Question[] {
  const questions = new Map<ShieldRule, Map<unknown, Question>>();
  const add = (question: Question): void => {
    if (classify(question.rule).kind === 'allow') return;
    const { coordinate, field, node } = question;
    const occurrence = field && field.args.length > 0 ? node : coordinate;
    const ofRule = questions.get(question.rule) ?? new Map<unknown, Question>();
    if (!ofRule.has(occurrence)) ofRule.set(occurrence, question);
    questions.set(question.rule, ofRule);
  };
  for (const { typeNames, field, node } of analysis.fields) {
    for (const typeName of typeNames) {
      const coordinate = `${typeName}.${field.name}`;
      for (const rule of rules.forField(typeName, field.name)) add({ rule, coordinate, field, node });
    }
  }
  for (const typeName of analysis.returnedTypes) {
    for (const rule of rules.forReturnedType(typeName)) add({ rule, coordinate: typeName });
  }
  return [...questions.values()].flatMap((ofRule) => [...ofRule.values()]);
}
