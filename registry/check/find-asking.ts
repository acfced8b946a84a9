/** Finds which documents ask for a type or field. */
import { type GraphQLSchema, getNamedType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';

export interface CoordinateQuestion {
  /** `Type` or `Type.field`. */
  readonly coordinate: string;
  /** Texts of documents. */
  readonly bodies: readonly string[];
}

/** @returns which of the bodies ask, by their places; `undefined` where the schema has no such thing */
export function findAsking(
  schema: GraphQLSchema,
  { coordinate, bodies }: CoordinateQuestion,
): readonly number[] | undefined {
  const [typeName = '', fieldName] = coordinate.split('.');
  const type = schema.getType(typeName);
  if (!type || (fieldName && !('getFields' in type && Object.hasOwn(type.getFields(), fieldName))))
    return undefined;

  const asks = (body: string): boolean => {
    const info = new TypeInfo(schema);
    let found = false;
    try {
      visit(
        parse(body),
        visitWithTypeInfo(info, {
          enter() {
            const asked = fieldName
              ? info.getParentType()?.name === typeName && info.getFieldDef()?.name === fieldName
              : [info.getType(), info.getInputType()].some(
                  (one) => one && getNamedType(one).name === typeName,
                );
            found ||= asked;
          },
        }),
      );
    } catch {
      return false;
    }
    return found;
  };
  return bodies.flatMap((body, at) => (asks(body) ? [at] : []));
}
