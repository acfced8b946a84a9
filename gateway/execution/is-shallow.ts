/** Guards what is passed on as a whole, such as a scalar that holds JSON: nesting without end would break whoever writes it. */

const maxDepth = 64;

export function isShallow(value: unknown, depth = maxDepth): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  return Object.values(value).every((item) => isShallow(item, depth - 1));
}
