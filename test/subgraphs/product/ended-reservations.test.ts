/** How long reservations are remembered. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { forgetEndedReservations } from '../../../subgraphs/product/ended-reservations.ts';
import { endExpiredHolds } from '../../../subgraphs/product/expired-holds.ts';
import { reservationLineTable, reservationTable } from '../../../subgraphs/product/tables.ts';
import { type ProductUnderTest, startProduct } from './start-product.ts';

const tea = 's-0001-1';
const dayMs = 24 * 3_600_000;
let product: ProductUnderTest;
beforeAll(async () => {
  product = await startProduct({ sweepIntervalMs: 20 });
});
afterAll(() => product.close());

async function remembered() {
  const reservations = await product.tables.select().from(reservationTable).orderBy(reservationTable.id);
  return {
    states: reservations.map(({ id, state }) => `${id} ${state}`),
    lines: await product.tables.$count(reservationLineTable),
  };
}

test('a reservation that gave its stock back is forgotten 30 days after its time', async () => {
  await product.setStock({ [tea]: 10 });
  for (const id of ['confirmed', 'expired', 'released']) await product.reserve(id, { [tea]: 1 }, 60);
  await product.confirm('confirmed');
  await product.release('released');
  const endMs = product.clock.now + 60_000;
  await endExpiredHolds(product.tables, endMs);

  await forgetEndedReservations(product.tables, endMs + 30 * dayMs);
  const before = await remembered();
  product.clock.now = endMs + 30 * dayMs + 1;

  expect(before).toEqual({
    states: ['confirmed CONFIRMED', 'expired EXPIRED', 'released RELEASED'],
    lines: 3,
  });
  await expect.poll(remembered, { timeout: 10_000 }).toEqual({ states: ['confirmed CONFIRMED'], lines: 1 });
});

test('a confirmed reservation still gives its stock back after 30 days', async () => {
  await product.setStock({ [tea]: 10 });
  await product.reserve('kept', { [tea]: 4 }, 60);
  await product.confirm('kept');

  product.clock.now += 31 * dayMs;
  await forgetEndedReservations(product.tables, product.clock.now);

  expect(await product.release('kept')).toBe('RELEASED');
  expect(await product.stockOf(tea)).toBe(10);
});
