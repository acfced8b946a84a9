/** Checks a text that a person typed. */
import { isStorableText } from '../shared/storable-text.ts';
import { subgraphError } from '../shared/subgraph-error.ts';

/** Without blanks at its ends. @throws BAD_USER_INPUT when nothing is left, more than `maxLength` characters, NUL or a half character */
export function parseText(name: string, text: string, maxLength: number): string {
  const trimmed = text.trim();
  if (!isStorableText(trimmed, maxLength)) {
    throw subgraphError('BAD_USER_INPUT', `"${name}" must be of 1 to ${maxLength} characters.`);
  }
  return trimmed;
}
