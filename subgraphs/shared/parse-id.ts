/** Reads an id that a person sent. */
import { isStorableText } from './storable-text.ts';
import { subgraphError } from './subgraph-error.ts';

/** Of ids, and of the keys inside cursors. */
export const maxIdLength = 200;

/** @throws BAD_USER_INPUT for what no database should be asked for: nothing, NUL, half characters, novels */
export function parseId(text: string): string {
  if (!isStorableText(text, maxIdLength)) {
    throw subgraphError('BAD_USER_INPUT', `An id is a text of 1 to ${maxIdLength} characters.`);
  }
  return text;
}
