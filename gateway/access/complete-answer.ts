/** Puts a null and an error into an answer wherever something was taken out of the operation. */
import {
  type ExecutionResult,
  GraphQLError,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
} from 'graphql';
import type { ErrorCode } from '../errors.ts';
import type { Removal, Step } from './filter-operation.ts';

const code: ErrorCode = 'UNAUTHORIZED_FIELD_OR_TYPE';

/**
 * Without data, as where nothing was left to run, the answer is made of the nulls alone. One error for each path,
 * whatever the types: a client sees keys.
 *
 * @param variables coerced
 */
export function completeAnswer(
  { data, errors = [], ...rest }: ExecutionResult,
  removals: readonly Removal[],
  typeKey: string,
  variables: Readonly<Record<string, unknown>>,
): ExecutionResult {
  const asked = removals.filter(({ conditions }) => isAsked({ conditions }, variables));
  const isGone = data === null || asked.some(({ nullAt }) => nullAt === 0);
  const completed = isGone ? null : (data ?? {});
  for (const { steps, nullAt } of asked) putNull(completed, steps.slice(0, nullAt), typeKey);
  for (const { steps } of removals) dropTypes(completed, steps, typeKey);
  const paths = new Map(asked.map(({ steps }) => [steps.map(({ key }) => key).join('.'), steps]));
  const refusals = [...paths.values()].map(
    (steps) =>
      new GraphQLError('You may not see this field.', {
        path: steps.map(({ key }) => key),
        extensions: { code },
      }),
  );
  return {
    ...rest,
    data: completed,
    ...(refusals.length + errors.length > 0 && { errors: [...refusals, ...errors] }),
  };
}

function isAsked(
  { conditions }: Pick<Removal, 'conditions'>,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return conditions.every((directive) => {
    const node = { directives: [directive] };
    return (
      getDirectiveValues(GraphQLSkipDirective, node, variables)?.if !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, variables)?.if !== false
    );
  });
}

/** Where a key on the way is absent, nothing of it was left: the null stands there. */
function putNull(value: unknown, [step, ...below]: readonly Step[], typeKey: string): void {
  if (!step || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) putNull(item, [step, ...below], typeKey);
    return;
  }
  const object = value as Record<string, unknown>;
  if (step.typeNames && !step.typeNames.has(String(object[typeKey]))) return;
  if (below.length === 0 || object[step.key] === undefined) object[step.key] = null;
  else putNull(object[step.key], below, typeKey);
}

function dropTypes(value: unknown, [step, ...below]: readonly Step[], typeKey: string): void {
  if (!step || typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) dropTypes(item, [step, ...below], typeKey);
    return;
  }
  const object = value as Record<string, unknown>;
  dropTypes(object[step.key], below, typeKey);
  delete object[typeKey];
}
