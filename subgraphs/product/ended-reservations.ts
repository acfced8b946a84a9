/** Forgets reservations that have long given their stock back. */
import { and, inArray, lt } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { reservationTable } from './tables.ts';

const keptMs = 30 * 24 * 3_600_000;

/**
 * Deletes what was released or has expired, 30 days after it would have expired. A confirmed reservation stays:
 * its order may still be cancelled, and gives back what the reservation says.
 */
export async function forgetEndedReservations(database: Database, now: number): Promise<void> {
  await database
    .delete(reservationTable)
    .where(
      and(
        inArray(reservationTable.state, ['RELEASED', 'EXPIRED']),
        lt(reservationTable.expiresAt, new Date(now - keptMs)),
      ),
    );
}
