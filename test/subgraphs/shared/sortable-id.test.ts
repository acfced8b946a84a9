/** Ids sort by time. */
import { expect, test } from 'vitest';
import { createSortableId } from '../../../subgraphs/shared/sortable-id.ts';

test('an id holds its prefix, its time and eight random bytes', () => {
  expect(createSortableId('o', Date.parse('2026-11-22T08:00:00Z'), Buffer.alloc(8, 0xab))).toBe(
    'o-01a20244e800abababababababab',
  );
});

test('a later id is greater, whatever its random bytes', () => {
  const least = Buffer.alloc(8, 0x00);
  const greatest = Buffer.alloc(8, 0xff);

  expect(createSortableId('o', 1, greatest) < createSortableId('o', 2, least)).toBe(true);
  expect(createSortableId('o', 0xfffffffff, greatest) < createSortableId('o', 0x1000000000, least)).toBe(
    true,
  );
});
