/** Finds what a policy names but nobody has: roles and permissions at the start, coordinates under each schema. */
import { type GraphQLSchema, isCompositeType } from 'graphql';
import { StartupError } from '../startup-error.ts';
import type { Policy, RuleTree } from './policy.ts';
import { isRoleRule, isShieldRule, leavesOf, type ShieldRule } from './shield.ts';

/** @throws StartupError for a role that is not defined or a permission that no role brings: `not` would open such a rule */
export function checkPolicy({ rules = {}, roles, permissions, policies }: Policy): void {
  const granted = new Set(Object.values(roles).flatMap((role) => role.permissions));
  const leaves = new Set([...rulesOf(rules), ...Object.values(policies)].flatMap(leavesOf));
  const needs = [
    ...[...leaves].flatMap((leaf) => (isRoleRule(leaf) && leaf.needs ? [leaf.needs] : [])),
    ...Object.keys(permissions).map((permission) => ({ permission })),
  ];
  const problems = needs.flatMap((need) => {
    if ('role' in need) return Object.hasOwn(roles, need.role) ? [] : [`the role ${need.role}`];
    return granted.has(need.permission) ? [] : [`the permission ${need.permission}`];
  });
  if (problems.length === 0) return;
  throw new StartupError(
    `The policy names ${[...new Set(problems)].join(', ')}, which none of its roles is or brings.`,
  );
}

function rulesOf(tree: RuleTree): ShieldRule[] {
  return Object.values(tree).flatMap((entry) => (isShieldRule(entry) ? [entry] : Object.values(entry)));
}

/** Types and fields that rules or permissions name and the schema does not have. */
export function unknownCoordinates({ rules = {}, permissions }: Policy, schema: GraphQLSchema): string[] {
  const fromRules = Object.entries(rules).flatMap(([typeName, entry]) =>
    isShieldRule(entry)
      ? [typeName]
      : [typeName, ...Object.keys(entry).map((field) => `${typeName}.${field}`)],
  );
  const named = [...fromRules, ...Object.values(permissions).flat()];
  return [...new Set(named.flatMap((coordinate) => missing(schema, coordinate)))];
}

/** The type where that is missing, else the field. */
function missing(schema: GraphQLSchema, coordinate: string): string[] {
  const [typeName = '', fieldName = '*'] = coordinate.split('.');
  const type = schema.getType(typeName);
  if (!isCompositeType(type)) return [typeName];
  if (fieldName === '*' || ('getFields' in type && Object.hasOwn(type.getFields(), fieldName))) return [];
  return [coordinate];
}
