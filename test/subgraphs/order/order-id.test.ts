/** Order ids sort by time. */
import { expect, test } from 'vitest';
import { createOrderId } from '../../../subgraphs/order/order-id.ts';

test('an order id holds its time and eight random bytes', () => {
  expect(createOrderId(Date.parse('2026-11-22T08:00:00Z'), Buffer.alloc(8, 0xab))).toBe(
    'o-01a20244e800abababababababab',
  );
});

test('a later order has a greater id', () => {
  const least = Buffer.alloc(8, 0x00);
  const greatest = Buffer.alloc(8, 0xff);

  expect(createOrderId(1, greatest) < createOrderId(2, least)).toBe(true);
  expect(createOrderId(0xfffffffff, greatest) < createOrderId(0x1000000000, least)).toBe(true);
});
