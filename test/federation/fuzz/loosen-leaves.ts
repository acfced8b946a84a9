/** Lets a subgraph answer any value where its schema promises a scalar: what it serves is laxer than what it publishes. */
import { Kind, parse, print, type TypeNode, visit } from 'graphql';

const scalars = ['Int', 'Float', 'String', 'Boolean'];

/** Fields of these scalars, and lists of them, become fields of a scalar that takes everything. */
export function loosenLeaves(sdl: string): string {
  const loosened = visit(parse(sdl), {
    [Kind.FIELD_DEFINITION]: (field) => ({ ...field, type: loosen(field.type) }),
  });
  return `${print(loosened)}\nscalar Anything`;
}

function loosen(type: TypeNode): TypeNode {
  if (type.kind === Kind.NON_NULL_TYPE) {
    const inner = loosen(type.type);
    return inner.kind === Kind.NON_NULL_TYPE ? inner : { ...type, type: inner };
  }
  return scalars.includes(namedType(type)) ? anything : type;
}

const anything: TypeNode = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'Anything' } };

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
