/** Holds an answer against the operation it answers: nothing but what was asked, of types that the schema allows. */
import {
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  getOperationAST,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** What is asked at one place of the answer, whatever the concrete type there. */
interface AskedField {
  /** Any of them may hold. */
  readonly types: GraphQLOutputType[];
  readonly fields: AskedFields;
}

type AskedFields = Map<string, AskedField>;

/** Sentences about what is wrong; none when all is well. Conditions are not looked at: any field may be missing. */
export function misfitsOf(data: unknown, source: string, schema: GraphQLSchema): string[] {
  return data === null ? [] : misfitsOfObject(data, readAskedFields(source, schema), 'data');
}

function readAskedFields(source: string, schema: GraphQLSchema): AskedFields {
  const document = parse(source);
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );

  const collect = (selectionSet: SelectionSetNode, type: GraphQLNamedType, into: AskedFields): void => {
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        collectField(selection, type, into);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      const condition = fragment?.typeCondition?.name.value;
      const narrowed = condition === undefined ? type : schema.getType(condition);
      if (fragment && narrowed) collect(fragment.selectionSet, narrowed, into);
    }
  };

  const collectField = (
    { name, alias, selectionSet }: FieldNode,
    type: GraphQLNamedType,
    into: AskedFields,
  ) => {
    const fields = isObjectType(type) || isInterfaceType(type) ? type.getFields() : {};
    const fieldType = name.value === '__typename' ? GraphQLString : fields[name.value]?.type;
    if (!fieldType) throw new Error(`${type.name} has no field ${name.value}.`);
    const responseName = alias?.value ?? name.value;
    const asked: AskedField = into.get(responseName) ?? { types: [], fields: new Map() };
    into.set(responseName, asked);
    asked.types.push(fieldType);
    if (selectionSet) collect(selectionSet, getNamedType(fieldType), asked.fields);
  };

  const operation = getOperationAST(document);
  const root = operation && schema.getRootType(operation.operation);
  const fields: AskedFields = new Map();
  if (root) collect(operation.selectionSet, root, fields);
  return fields;
}

function misfitsOfObject(value: unknown, fields: AskedFields, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`];
  return Object.entries(value).flatMap(([key, member]) => {
    const asked = fields.get(key);
    if (!asked) return [`${path}.${key} was not asked`];
    const attempts = asked.types.map((type) => misfitsOfValue(member, type, asked.fields, `${path}.${key}`));
    return attempts.find((misfits) => misfits.length === 0) ?? attempts[0] ?? [];
  });
}

function misfitsOfValue(
  value: unknown,
  type: GraphQLOutputType,
  fields: AskedFields,
  path: string,
): string[] {
  if (isNonNullType(type)) {
    return value === null ? [`${path} is null`] : misfitsOfValue(value, type.ofType, fields, path);
  }
  if (value === null) return [];
  if (isListType(type)) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) => misfitsOfValue(item, type.ofType, fields, `${path}.${index}`));
  }
  if (isCompositeType(type)) return misfitsOfObject(value, fields, path);
  const fits = isEnumType(type) ? type.getValue(String(value)) : fitsScalar(value, type.name);
  return fits ? [] : [`${path} is no ${type.name}`];
}

function fitsScalar(value: unknown, name: string): boolean {
  if (name === 'Int') return typeof value === 'number' && (value | 0) === value;
  if (name === 'Float') return Number.isFinite(value);
  if (name === 'Boolean') return typeof value === 'boolean';
  return typeof value === 'string';
}
