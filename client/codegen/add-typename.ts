/** Asks for `__typename` where an answer cannot be told apart without it: on unions and interfaces. */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

export function addTypename(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const typeInfo = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(field) {
        const { selectionSet } = field;
        if (!selectionSet || !isAbstractType(getNamedType(typeInfo.getType()))) return undefined;
        if (selectionSet.selections.some(isTypename)) return undefined;
        return {
          ...field,
          selectionSet: { ...selectionSet, selections: [typename, ...selectionSet.selections] },
        };
      },
    }),
  );
}

function isTypename(selection: { readonly kind: string }): boolean {
  return selection.kind === Kind.FIELD && (selection as FieldNode).name.value === '__typename';
}
