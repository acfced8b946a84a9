/** Counts the objects of a JSON text without reading it, since what costs time to read is objects rather than bytes. */

const openingBrace = 0x7b;

/** Braces in strings count too: never too few. Stops at the first above `limit`. */
export function hasMoreObjects(json: Uint8Array, limit: number): boolean {
  let count = 0;
  for (let index = 0; index < json.length; index++) {
    if (json[index] === openingBrace && ++count > limit) return true;
  }
  return false;
}
