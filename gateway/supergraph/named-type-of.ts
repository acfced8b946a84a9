/** The name of a type as it is written, lists and non-nulls taken off: `getNamedType`, where there is no schema. */
import { Kind, type TypeNode } from 'graphql';

export function namedTypeOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedTypeOf(type.type);
}
