/** The roles of the shop: each includes all that the roles of a lower level may. */
import type { Roles } from '../principal.ts';

export const roles = {
  USER: { level: 1, scopes: [] },
  ADMIN: { level: 3, scopes: ['user:read', 'product:write', 'order:write'] },
  SUPER: { level: 5, scopes: ['shop:write', 'role:grant'] },
} as const satisfies Roles;
