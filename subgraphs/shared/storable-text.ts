/** Tells texts that a database keeps as they are from those that it refuses or changes. */

/** From 1 to `maxLength` characters, none of them NUL or half of a surrogate pair. */
export function isStorableText(text: string, maxLength: number): boolean {
  const { length } = [...text];
  return length >= 1 && length <= maxLength && !text.includes('\0') && text.isWellFormed();
}
