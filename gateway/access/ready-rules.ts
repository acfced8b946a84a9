/** Rules that most policies need, ready to be combined. */
import { type RoleRule, roleRule, rule, type ShieldRule } from './shield.ts';

/** Lets through everyone whose highest role is at the level of `role` or above. */
export function atLeast(role: string): RoleRule {
  return roleRule(
    `at least ${role}`,
    ({ level }, roles) => Object.hasOwn(roles, role) && level >= (roles[role]?.level ?? Infinity),
    { role },
  );
}

/** Lets through everyone one of whose roles brings the permission. */
export function hasPermission(permission: string): RoleRule {
  return roleRule(`permission ${permission}`, ({ scopes }) => scopes.includes(permission), { permission });
}

/**
 * Lets a user through who names nobody else: every value found under the path is the user's own id. An argument that is
 * left out, null or empty names nobody and is denied.
 *
 * @param path such as `userId` or `input.recipients.userId`; lists on the way are looked through
 */
export function argumentIsOwn(path: string): ShieldRule {
  const keys = path.split('.');
  return rule(`argument ${path} is own`)((_parent, args, { principal }) => {
    if (principal.kind !== 'user') return false;
    const named = keys.reduce(valuesUnder, [args]);
    return named.length > 0 && named.every((value) => isName(value) && String(value) === principal.userId);
  });
}

function valuesUnder(parents: readonly unknown[], key: string): unknown[] {
  return parents.flatMap((parent) => {
    const isParent = typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key);
    const value = isParent ? (parent as Record<string, unknown>)[key] : undefined;
    return Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
  });
}

function isName(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
