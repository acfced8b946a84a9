/** Takes an order's pieces out of stock for as long as a reservation lasts. */
import { subgraphError } from '../shared/subgraph-error.ts';
import type { ProductClient, ReservedLine, StockAnswer, StockLine } from './product-client.ts';

export interface HeldStock {
  readonly __typename: 'HeldStock';
  readonly reservationId: string;
  readonly lines: readonly ReservedLine[];
}

const maxReservations = 100;

/**
 * The reservation has the order's id or, where that one has ended, the first of `<order id>.2`, `.3`, … that
 * has not: whoever repeats this for the same order, after a crash or beside another, meets the same reservation.
 */
export async function holdStock(
  product: ProductClient,
  orderId: string,
  lines: readonly StockLine[],
): Promise<HeldStock | Exclude<StockAnswer, { __typename: 'StockReservation' }>> {
  for (let number = 1; number <= maxReservations; number++) {
    const reservationId = number === 1 ? orderId : `${orderId}.${number}`;
    const answer = await product.reserveStock(reservationId, lines);
    if (answer.__typename !== 'StockReservation') return answer;
    if (answer.state === 'HELD' || answer.state === 'CONFIRMED') {
      return { __typename: 'HeldStock', reservationId, lines: answer.lines };
    }
  }
  throw subgraphError('UPSTREAM_UNAVAILABLE', 'The stock of the shop cannot be held. Try again.');
}
