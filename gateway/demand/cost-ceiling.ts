/** The highest estimated cost of one request, by who asks. */
import type { Principal, Roles } from '../principal.ts';
import { StartupError } from '../startup-error.ts';

const guestRole = 'GUEST';

export type CostCeiling = (principal: Principal) => number;

/**
 * Of the roles that have a ceiling of their own and that the principal's level includes, the highest counts.
 *
 * @param maxCost for everyone who has none @throws StartupError for a role that is unknown
 */
export function createCostCeiling(
  maxCost: number,
  maxCostByRole: Readonly<Record<string, number>>,
  roles: Roles,
): CostCeiling {
  const known = [guestRole, ...Object.keys(roles)];
  const unknown = Object.keys(maxCostByRole).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new StartupError(
      `limits.maxCostByRole: the policy has no role ${unknown.join(', ')}; it has ${known.join(', ')}.`,
    );
  const ceilings = Object.entries(roles).flatMap(([name, { level }]) => {
    const ceiling = Object.hasOwn(maxCostByRole, name) ? maxCostByRole[name] : undefined;
    return ceiling === undefined ? [] : [{ level, ceiling }];
  });
  const guestCeiling = maxCostByRole[guestRole] ?? maxCost;
  const byLevel = new Map<number, number>();
  for (const level of Object.values(roles).map((role) => role.level)) {
    const included = ceilings.filter((each) => each.level <= level).map(({ ceiling }) => ceiling);
    byLevel.set(level, included.length > 0 ? Math.max(...included) : maxCost);
  }
  return ({ kind, level }) => (kind === 'guest' ? guestCeiling : (byLevel.get(level) ?? maxCost));
}
