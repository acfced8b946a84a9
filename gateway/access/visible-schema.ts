/** What of the schema is shown to a caller who may read it: what the caller's roles let be asked. */
import { buildASTSchema, type DocumentNode, type GraphQLSchema, parse, printSchema } from 'graphql';
import type { AccessRules } from './compile-rules.ts';
import { hideFields } from './hide-fields.ts';
import type { RoleSet } from './role-sets.ts';

const maxSchemas = 20;

/** Hidden is a field that some guard of it denies whatever the arguments. */
export function createVisibleSchemas(
  schema: GraphQLSchema,
  rules: AccessRules,
): (roleSet: RoleSet) => GraphQLSchema {
  const known = new Map<RoleSet, GraphQLSchema>();
  let whole: DocumentNode | undefined;
  return (roleSet) => {
    const kept = known.get(roleSet);
    if (kept) return kept;
    whole ??= parse(printSchema(schema), { noLocation: true });
    const mayAsk = (typeName: string, fieldName: string): boolean =>
      rules.guardsOf(typeName, fieldName).every(({ rule }) => roleSet.reduce(rule) !== 'deny');
    const visible = buildASTSchema(hideFields(whole, rootNames(schema), mayAsk), {
      assumeValid: true,
      assumeValidSDL: true,
    });
    known.set(roleSet, visible);
    const [oldest] = known.keys();
    if (known.size > maxSchemas && oldest) known.delete(oldest);
    return visible;
  };
}

function rootNames(schema: GraphQLSchema): ReadonlySet<string> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return new Set(roots.flatMap((root) => (root ? [root.name] : [])));
}
