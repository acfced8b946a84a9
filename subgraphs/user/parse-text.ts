/** Checks a text that a person typed. */
import { subgraphError } from '../shared/subgraph-error.ts';

/** Without blanks at its ends. @throws BAD_USER_INPUT when nothing is left, or more than `maxLength` characters */
export function parseText(name: string, text: string, maxLength: number): string {
  const trimmed = text.trim();
  const length = [...trimmed].length;
  if (length < 1 || length > maxLength || trimmed.includes('\0')) {
    throw subgraphError('BAD_USER_INPUT', `"${name}" must be of 1 to ${maxLength} characters.`);
  }
  return trimmed;
}
