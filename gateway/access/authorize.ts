/** Stage 13: asks every rule that guards a part of the operation; one refusal refuses the whole of it. */
import { getArgumentValues } from 'graphql';
import { RequestError } from '../errors.ts';
import type { OperationAnalysis } from '../operation/analyse.ts';
import type { Principal } from '../principal.ts';
import type { AccessRules } from './compile-rules.ts';
import { type Decision, decide, type Occurrence } from './decide.ts';
import type { ShieldRule } from './shield.ts';

/**
 * @throws UNAUTHENTICATED when a guest is denied, FORBIDDEN when a user is, AUTHORIZATION_UNAVAILABLE when a rule
 * that matters could not be decided
 */
export async function authorize(
  rules: AccessRules,
  analysis: OperationAnalysis,
  variables: Readonly<Record<string, unknown>>,
  principal: Principal,
): Promise<void> {
  const decisions = new Map<string, Promise<Decision>>();
  const ruleIds = new Map<ShieldRule, number>();
  const ask = (rule: ShieldRule, occurrence: Occurrence): void => {
    const id = ruleIds.get(rule) ?? ruleIds.size;
    ruleIds.set(rule, id);
    const question = JSON.stringify([id, occurrence.info.coordinate, occurrence.args]);
    if (!decisions.has(question)) decisions.set(question, decide(rule, { principal }, occurrence));
  };

  for (const { typeNames, field, node } of analysis.fields) {
    const args = getArgumentValues(field, node, variables);
    for (const typeName of typeNames) {
      const info = { coordinate: `${typeName}.${field.name}` };
      for (const rule of rules.forField(typeName, field.name)) ask(rule, { args, info });
    }
  }
  for (const typeName of analysis.returnedTypes) {
    for (const rule of rules.forReturnedType(typeName))
      ask(rule, { args: {}, info: { coordinate: typeName } });
  }

  const answers = await Promise.all(decisions.values());
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
}
