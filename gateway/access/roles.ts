/** The roles of the shop: each includes all that the roles of a lower level may. */

export interface Role {
  readonly level: number;
  /** Permissions that the role adds; `@requiresScopes` in subgraphs names them. */
  readonly scopes: readonly string[];
}

export type Roles = Readonly<Record<string, Role>>;

export const roles: Roles = {
  USER: { level: 1, scopes: [] },
  ADMIN: { level: 3, scopes: ['user:read', 'product:write', 'order:write'] },
  SUPER: { level: 5, scopes: ['shop:write', 'role:grant'] },
};

/** The level and permissions that a set of role names gives; unknown names give nothing. */
export function grantsOf(
  known: Roles,
  names: readonly string[],
): { level: number; scopes: readonly string[] } {
  const level = Math.max(
    0,
    ...names.map((name) => (Object.hasOwn(known, name) ? (known[name]?.level ?? 0) : 0)),
  );
  const scopes = Object.values(known)
    .filter((role) => role.level <= level)
    .flatMap((role) => role.scopes);
  return { level, scopes };
}
