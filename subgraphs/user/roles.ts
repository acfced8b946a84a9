/** The roles of the shop; each may do all that those before it may. */
export const roles = ['USER', 'ADMIN', 'SUPER'] as const;

export type Role = (typeof roles)[number];

/** The role and all below it: what is stored when it is given. */
export function rolesUpTo(role: Role): readonly Role[] {
  return roles.slice(0, roles.indexOf(role) + 1);
}

/** Lowest first. */
export function sortRoles(given: readonly Role[]): readonly Role[] {
  return roles.filter((role) => given.includes(role));
}
