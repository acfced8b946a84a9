/** Moves a reservation to its end: HELD → CONFIRMED | RELEASED | EXPIRED, CONFIRMED → RELEASED. */
import { eq } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { endReservations } from './expired-holds.ts';
import { type ReservationRow, reservationTable } from './tables.ts';

/** UNKNOWN: no reservation has this id. */
export type ReservationState = ReservationRow['state'] | 'UNKNOWN';

/** Makes a held reservation permanent; one whose time is up expires instead. Any other state stays. */
export function confirmReservation(database: Database, id: string, now: number): Promise<ReservationState> {
  return settle(database, id, async (transaction, { state, expiresAt }) => {
    if (state !== 'HELD') return state;
    if (expiresAt.getTime() <= now) {
      await endReservations(transaction, [id], 'EXPIRED');
      return 'EXPIRED';
    }
    await transaction.update(reservationTable).set({ state: 'CONFIRMED' }).where(eq(reservationTable.id, id));
    return 'CONFIRMED';
  });
}

/** Gives back the stock of a held or confirmed reservation. Any other state stays. */
export function releaseReservation(database: Database, id: string): Promise<ReservationState> {
  return settle(database, id, async (transaction, { state }) => {
    if (state !== 'HELD' && state !== 'CONFIRMED') return state;
    await endReservations(transaction, [id], 'RELEASED');
    return 'RELEASED';
  });
}

function settle(
  database: Database,
  id: string,
  decide: (transaction: Database, reservation: ReservationRow) => Promise<ReservationState>,
): Promise<ReservationState> {
  return database.transaction(async (transaction) => {
    const [reservation] = await transaction
      .select()
      .from(reservationTable)
      .where(eq(reservationTable.id, id))
      .for('update');
    return reservation ? decide(transaction, reservation) : 'UNKNOWN';
  });
}
