/** Gives back the stock of holds that nobody confirmed in time. */
import { and, eq, inArray, lte, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { type ReservationRow, reservationLineTable, reservationTable, skuTable } from './tables.ts';

const maxHoldsPerTransaction = 100;

/** Ends every hold whose time is up; with `skuIds`, only those that hold one of them. */
export async function endExpiredHolds(
  database: Database,
  now: number,
  skuIds?: readonly string[],
): Promise<void> {
  const holdsOfSkus = skuIds && inArray(reservationTable.id, reservationsOf(database, skuIds));
  const expired = and(
    eq(reservationTable.state, 'HELD'),
    lte(reservationTable.expiresAt, new Date(now)),
    holdsOfSkus,
  );
  while ((await endHolds(database, expired)) === maxHoldsPerTransaction);
}

function reservationsOf(database: Database, skuIds: readonly string[]) {
  return database
    .select({ id: reservationLineTable.reservationId })
    .from(reservationLineTable)
    .where(inArray(reservationLineTable.skuId, [...skuIds]));
}

function endHolds(database: Database, condition: SQL | undefined): Promise<number> {
  return database.transaction(async (transaction) => {
    const holds = await transaction
      .select({ id: reservationTable.id })
      .from(reservationTable)
      .where(condition)
      .orderBy(reservationTable.id)
      .limit(maxHoldsPerTransaction)
      .for('update');
    if (holds.length > 0) {
      await endReservations(
        transaction,
        holds.map((hold) => hold.id),
        'EXPIRED',
      );
    }
    return holds.length;
  });
}

/**
 * Gives back what the reservations took and leaves them in `state`. The caller's transaction has locked their rows.
 * Every transaction locks reservations before SKUs, and SKUs in the order of their ids: no two can wait for each other.
 */
export async function endReservations(
  transaction: Database,
  reservationIds: readonly string[],
  state: ReservationRow['state'],
): Promise<void> {
  const ids = [...reservationIds];
  await transaction.update(reservationTable).set({ state }).where(inArray(reservationTable.id, ids));
  const taken = await transaction
    .select({
      skuId: reservationLineTable.skuId,
      quantity: sql<number>`sum(${reservationLineTable.quantity})::int`,
    })
    .from(reservationLineTable)
    .where(inArray(reservationLineTable.reservationId, ids))
    .groupBy(reservationLineTable.skuId)
    .orderBy(reservationLineTable.skuId);
  for (const { skuId, quantity } of taken) {
    await transaction
      .update(skuTable)
      .set({ stock: sql`${skuTable.stock} + ${quantity}` })
      .where(eq(skuTable.id, skuId));
  }
}
