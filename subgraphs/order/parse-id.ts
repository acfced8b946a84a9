/** Reads an id that a person sent. */
import { subgraphError } from '../shared/subgraph-error.ts';

const maxLength = 200;

/** @throws BAD_USER_INPUT for what the database could not keep, or should not: NUL, half characters, novels */
export function parseId(text: string): string {
  if (text.length < 1 || text.length > maxLength || text.includes('\0') || !text.isWellFormed()) {
    throw subgraphError('BAD_USER_INPUT', `An id is a text of 1 to ${maxLength} characters.`);
  }
  return text;
}
