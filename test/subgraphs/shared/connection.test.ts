/** Pages of a list, built from one row more than was asked for. */
import { describe, expect, test } from 'vitest';
import {
  decodeCursor,
  encodeCursor,
  rowsToRead,
  toConnection,
} from '../../../subgraphs/shared/connection.ts';
import { badCursorRefusal, badCursors } from '../../support/bad-ids.ts';

const badUserInput = (message: string) =>
  expect.objectContaining({ message, extensions: { code: 'BAD_USER_INPUT' } });

describe('a page', () => {
  const rows = (...ids: string[]) => ids.map((id) => ({ id }));
  const page = (ids: string[], first: number) => toConnection(rows(...ids), first, (row) => row.id);

  test('drops the row that says another follows', () => {
    expect(page(['c', 'b', 'a'], 2)).toEqual({
      edges: [
        { cursor: encodeCursor('c'), node: { id: 'c' } },
        { cursor: encodeCursor('b'), node: { id: 'b' } },
      ],
      nodes: rows('c', 'b'),
      pageInfo: { hasNextPage: true, endCursor: encodeCursor('b') },
    });
  });

  test('that is the last says so', () => {
    expect(page(['b', 'a'], 2).pageInfo).toEqual({ hasNextPage: false, endCursor: encodeCursor('a') });
  });

  test('without rows has no cursor', () => {
    expect(page([], 2)).toEqual({ edges: [], nodes: [], pageInfo: { hasNextPage: false, endCursor: null } });
  });
});

describe('its size', () => {
  test('is from 1 to 50, and one row more is read', () => {
    expect([rowsToRead(1), rowsToRead(50)]).toEqual([2, 51]);
  });

  test.each([-1, 0, 51, 2_147_483_647])('is never %i', (first) => {
    expect(() => rowsToRead(first)).toThrow(badUserInput('"first" must be from 1 to 50.'));
  });
});

describe('a cursor', () => {
  test.each(['p-0001', '茶', 'x'.repeat(200)])('is the key %j, read back', (key) => {
    expect(decodeCursor(encodeCursor(key))).toBe(key);
  });

  test.each(['', 'p-0001', '%%%', Buffer.from('before:x').toString('base64url'), ...badCursors])(
    'is not just any text: %j',
    (cursor) => {
      expect(() => decodeCursor(cursor)).toThrow(badUserInput(badCursorRefusal.message));
    },
  );
});
