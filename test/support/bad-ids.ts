/** Ids and cursors that no database should be asked for, and how every subgraph refuses them. */
import { encodeCursor } from '../../subgraphs/shared/connection.ts';

export const badIds = ['', 'a\0b', '\ud800', 'x'.repeat(201)] as const;
export const badIdRefusal = { message: 'An id is a text of 1 to 200 characters.', code: 'BAD_USER_INPUT' };

/** Without the half character: what a cursor's bytes decode to is always whole. */
export const badCursors = ['', 'a\0b', 'x'.repeat(201)].map(encodeCursor);
export const badCursorRefusal = {
  message: '"after" is not a cursor of this list.',
  code: 'BAD_USER_INPUT',
};
