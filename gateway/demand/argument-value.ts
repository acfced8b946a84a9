/** The value that an argument has in a request: fixed by the document, or read from the variables. */
import { type FieldNode, type GraphQLArgument, Kind, type ValueNode, valueFromAST } from 'graphql';

/** Coerced. */
export type Variables = Readonly<Record<string, unknown>>;

export type ArgumentValue =
  | { readonly isFixed: true; readonly value: unknown }
  | { readonly isFixed: false; read(variables: Variables): unknown };

/** `undefined` where neither the document nor the schema gives a value. */
export function toArgumentValue(argument: GraphQLArgument, node: FieldNode): ArgumentValue {
  const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
  if (!given) return { isFixed: true, value: argument.defaultValue };
  if (!hasVariable(given)) return { isFixed: true, value: valueFromAST(given, argument.type) };
  const name = given.kind === Kind.VARIABLE ? given.name.value : undefined;
  return {
    isFixed: false,
    read: (variables) =>
      name !== undefined && !Object.hasOwn(variables, name)
        ? argument.defaultValue
        : valueFromAST(given, argument.type, variables),
  };
}

export function valueIn(argument: ArgumentValue, variables: Variables): unknown {
  return argument.isFixed ? argument.value : argument.read(variables);
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => hasVariable(field.value));
  return value.kind === Kind.VARIABLE;
}
