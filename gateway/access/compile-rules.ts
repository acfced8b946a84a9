/** Joins the policy file and the subgraphs' own demands into one answer: which rules guard this field? */
import { type GraphQLSchema, isCompositeType } from 'graphql';
import { StartupError } from '../startup-error.ts';
import type { RuleTree } from './rules.ts';
import { allow, deny, isShieldRule, type ShieldRule } from './shield.ts';

export interface AccessRules {
  /** All must allow. */
  forField(typeName: string, fieldName: string): readonly ShieldRule[];
  /** Guards a field that returns the type, whatever is selected below. */
  forReturnedType(typeName: string): readonly ShieldRule[];
}

/**
 * @param demands rules by coordinate that hold beside the policy
 * @throws StartupError when the policy names what the schema does not have
 */
export function compileRules(
  tree: RuleTree,
  demands: ReadonlyMap<string, readonly ShieldRule[]>,
  schema: GraphQLSchema,
): AccessRules {
  const unknown = unknownCoordinates(tree, schema);
  if (unknown.length > 0) {
    throw new StartupError(
      `The policy names ${unknown.join(', ')}, which the schema does not have. Correct the policy or publish the schema first.`,
    );
  }
  const mutation = schema.getMutationType()?.name;
  const fromPolicy = (typeName: string, fieldName: string): ShieldRule => {
    const entry = Object.hasOwn(tree, typeName) ? tree[typeName] : undefined;
    if (isShieldRule(entry)) return entry;
    if (entry && Object.hasOwn(entry, fieldName)) return entry[fieldName] ?? deny;
    const fallback = entry?.['*'];
    return typeName === mutation ? deny : (fallback ?? deny);
  };
  return {
    forField: (typeName, fieldName) => [
      fromPolicy(typeName, fieldName),
      ...(demands.get(typeName) ?? []),
      ...(demands.get(`${typeName}.${fieldName}`) ?? []),
    ],
    forReturnedType: (typeName) => {
      const entry = Object.hasOwn(tree, typeName) ? tree[typeName] : undefined;
      return [...(isShieldRule(entry) ? [entry] : []), ...(demands.get(typeName) ?? [])];
    },
  };
}

/** A policy without any refusal of its own: for a gateway in development that has no policy file. */
export function openPolicy(schema: GraphQLSchema): RuleTree {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isCompositeType(type) && !type.name.startsWith('__'),
  );
  return Object.fromEntries(types.map(({ name }) => [name, allow]));
}

function unknownCoordinates(tree: RuleTree, schema: GraphQLSchema): string[] {
  return Object.entries(tree).flatMap(([typeName, entry]) => {
    const type = schema.getType(typeName);
    if (!isCompositeType(type)) return [typeName];
    if (isShieldRule(entry)) return [];
    const fields = 'getFields' in type ? type.getFields() : {};
    return Object.keys(entry)
      .filter((field) => field !== '*' && !Object.hasOwn(fields, field))
      .map((field) => `${typeName}.${field}`);
  });
}
