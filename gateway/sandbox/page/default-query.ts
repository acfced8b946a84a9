/** The operation that an empty sandbox begins with. */
import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  type IntrospectionQuery,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { Fetcher } from './fetcher.ts';

const maxFields = 6;

/** The gateway's schema, or nothing when it does not tell: GraphiQL then shows the reason itself. */
export async function loadSchema(fetcher: Fetcher): Promise<GraphQLSchema | undefined> {
  try {
    const query = getIntrospectionQuery({ descriptions: false });
    const { data } = await fetcher({ query, operationName: 'IntrospectionQuery' });
    return buildClientSchema(data as IntrospectionQuery);
  } catch {
    return undefined;
  }
}

/** Asks for the person's own plain fields where the schema has `me`; else a comment alone. */
export function toDefaultQuery(
  schema: GraphQLSchema | undefined,
  comments: { readonly me: string; readonly other: string },
): string {
  const me = schema?.getQueryType()?.getFields().me;
  if (!me || me.args.some(isRequiredArgument)) return `# ${comments.other}\n`;

  const type = getNamedType(me.type);
  const plainFields = isObjectType(type)
    ? Object.values(type.getFields()).filter(
        (field) =>
          isLeafType(getNamedType(field.type)) &&
          !field.args.some(isRequiredArgument) &&
          field.deprecationReason == null,
      )
    : [];
  const names = plainFields.slice(0, maxFields).map(({ name }) => name);
  if (names.length === 0) names.push('__typename');
  const selection = isLeafType(type) ? '' : ` {\n${names.map((name) => `    ${name}\n`).join('')}  }`;
  return `# ${comments.me}\n\nquery Me {\n  me${selection}\n}\n`;
}
