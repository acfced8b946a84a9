/** Checks a text that a person typed. */
import { isStorableText } from '../shared/storable-text.ts';
import { subgraphError } from '../shared/subgraph-error.ts';

/** Characters that nobody sees, and those that turn around what stands after them: a name must be what it looks like. */
const invisible = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** Without blanks at its ends. @throws BAD_USER_INPUT when nothing is left, more than `maxLength` characters, invisible ones or a half character */
export function parseText(name: string, text: string, maxLength: number): string {
  const trimmed = text.trim();
  if (!isStorableText(trimmed, maxLength) || invisible.test(trimmed)) {
    throw subgraphError('BAD_USER_INPUT', `"${name}" must be of 1 to ${maxLength} characters.`);
  }
  return trimmed;
}
