/** Which object types are possible at a place of an operation, and in whose names a field there must be judged. */
import {
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isUnionType,
} from 'graphql';

/** Object types possible at one place. Equal scopes of one analysis are the same value. */
export interface Scope {
  readonly types: readonly GraphQLObjectType[];
}

export interface Scopes {
  /** All object types that a type stands for. */
  of(type: GraphQLCompositeType): Scope;
  /** Those of them that a type condition lets through; `undefined` when it lets none. */
  narrow(scope: Scope, condition: GraphQLCompositeType): Scope | undefined;
  /** The type named in the document, each object type possible there, and the interfaces that declare the field for them. */
  judgesOf(fieldName: string, type: GraphQLCompositeType, scope: Scope): readonly string[];
}

export function createScopes(schema: GraphQLSchema): Scopes {
  const scopes = new Map<string, Scope>();
  const narrowed = new Map<Scope, Map<GraphQLCompositeType, Scope | undefined>>();

  const toScope = (types: readonly GraphQLObjectType[]): Scope => {
    const key = types.map(({ name }) => name).join();
    const scope = scopes.get(key) ?? { types };
    scopes.set(key, scope);
    return scope;
  };

  const pick = ({ types }: Scope, condition: GraphQLCompositeType): Scope | undefined => {
    const passing = types.filter((type) =>
      isAbstractType(condition) ? schema.isSubType(condition, type) : type === condition,
    );
    return passing.length > 0 ? toScope(passing) : undefined;
  };

  return {
    of: (type) => toScope(isAbstractType(type) ? schema.getPossibleTypes(type) : [type]),
    narrow(scope, condition) {
      const known = narrowed.get(scope) ?? new Map<GraphQLCompositeType, Scope | undefined>();
      narrowed.set(scope, known);
      if (!known.has(condition)) known.set(condition, pick(scope, condition));
      return known.get(condition);
    },
    judgesOf(fieldName, type, { types }) {
      const names = new Set<string>([type.name]);
      for (const judge of isUnionType(type) ? types : [type, ...types]) {
        names.add(judge.name);
        for (const declared of judge.getInterfaces())
          if (declared.getFields()[fieldName]) names.add(declared.name);
      }
      return [...names];
    },
  };
}
