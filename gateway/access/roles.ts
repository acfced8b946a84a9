/** The roles of the shop: each includes all that the roles of a lower level may. */
import type { Roles } from '../principal.ts';

export const roles = {
  USER: { level: 1, permissions: [] },
  ADMIN: { level: 3, permissions: ['user:read', 'product:write', 'order:write'] },
  SUPER: { level: 5, permissions: ['shop:write', 'role:grant'] },
} as const satisfies Roles;
