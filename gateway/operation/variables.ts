/** Stage 12: coerces the variables of a request to their declared types, without hints about the schema. */
import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import { RequestError } from '../errors.ts';

const maxProblems = 10;

/** @throws BAD_USER_INPUT naming the first variable that does not fit */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const result = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: maxProblems,
    hideSuggestions: true,
  });
  if (result.coerced) return result.coerced;
  const messages = result.errors.slice(0, maxProblems).map(({ message }) => message);
  throw new RequestError('BAD_USER_INPUT', messages.join(' '));
}
