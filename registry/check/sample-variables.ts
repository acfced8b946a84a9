/** Makes up variables for an operation: what it needs and nobody has given, so that its cost can be compared. */
import {
  type GraphQLInputType,
  type GraphQLSchema,
  getVariableValues,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';

/** Ten for a number, one item for a list, only the fields needed for an object; defaults where there are any. */
export function sampleVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): Readonly<Record<string, unknown>> {
  const made: Record<string, unknown> = {};
  for (const { variable, type, defaultValue } of variableDefinitions) {
    const inputType = typeFromAST(schema, type as never) as GraphQLInputType | undefined;
    if (inputType && isNonNullType(inputType) && !defaultValue)
      made[variable.name.value] = sample(inputType, 0);
  }
  return getVariableValues(schema, variableDefinitions, made).coerced ?? made;
}

function sample(type: GraphQLInputType, depth: number): unknown {
  if (isNonNullType(type)) return sample(type.ofType, depth);
  if (isListType(type)) return [sample(type.ofType, depth)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) {
    if (depth > 8) return {};
    const required = Object.values(type.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field) => [field.name, sample(field.type, depth + 1)]));
  }
  if (type.name === 'Boolean') return true;
  return type.name === 'Int' || type.name === 'Float' ? 10 : '10';
}
