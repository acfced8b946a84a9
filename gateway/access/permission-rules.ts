/** Turns permissions as data into rules: whoever holds one of those that name a coordinate may pass. */
import type { Permissions } from './policy.ts';
import { hasPermission } from './ready-rules.ts';
import { or, type ShieldRule } from './shield.ts';

/** By coordinate as it is written, `Type.*` included: one rule. */
export function groupPermissions(permissions: Permissions): ReadonlyMap<string, readonly ShieldRule[]> {
  const needed = new Map<string, string[]>();
  for (const [permission, coordinates] of Object.entries(permissions)) {
    for (const coordinate of coordinates)
      needed.set(coordinate, [...(needed.get(coordinate) ?? []), permission]);
  }
  return new Map([...needed].map(([coordinate, names]) => [coordinate, [toRule(names)]]));
}

function toRule(names: readonly string[]): ShieldRule {
  const [first = '', ...others] = names;
  return others.length === 0 ? hasPermission(first) : or(...names.map(hasPermission));
}

/** Whether any permission names the type or a field of it. */
export function isMentioned(permissions: Permissions, typeName: string): boolean {
  return Object.values(permissions)
    .flat()
    .some((coordinate) => coordinate === typeName || coordinate.startsWith(`${typeName}.`));
}
