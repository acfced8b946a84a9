/** Brings an order's stock to rest: keeps for good what is held, gives back what is to be released. */
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { holdStock } from './hold-stock.ts';
import type { ProductClient } from './product-client.ts';
import { type OrderRow, orderLineTable, orderTable } from './tables.ts';

export interface OrderServices {
  readonly database: Database;
  readonly product: ProductClient;
}

const maxOrdersPerRead = 100;

/** Tries each order that a crash or an unreachable product subgraph left behind, oldest first, until `signal` aborts. */
export async function settleUnsettled(services: OrderServices, signal: AbortSignal): Promise<void> {
  let lastTried = '';
  while (true) {
    const unsettled = await services.database
      .select({ id: orderTable.id })
      .from(orderTable)
      .where(and(inArray(orderTable.stockState, ['held', 'release_pending']), gt(orderTable.id, lastTried)))
      .orderBy(orderTable.id)
      .limit(maxOrdersPerRead);
    for (const { id } of unsettled) {
      if (signal.aborted) return;
      // The client has told what went wrong. The next pass tries the order again; newer ones need not wait for it.
      await settleStock(services, id).catch(() => {});
      lastTried = id;
    }
    if (unsettled.length < maxOrdersPerRead) return;
  }
}

/**
 * Safe to repeat and to run twice at once: each step is an update that holds only for the state it began from,
 * and only a reservation that is written on the order is ever made permanent.
 * @throws UPSTREAM_UNAVAILABLE
 */
export async function settleStock(services: OrderServices, orderId: string): Promise<void> {
  const [order] = await services.database.select().from(orderTable).where(eq(orderTable.id, orderId));
  if (order?.stockState === 'release_pending') await release(services, order);
  if (order?.stockState === 'held') await keep(services, order);
}

async function release({ database, product }: OrderServices, order: OrderRow): Promise<void> {
  if (order.reservationId) await product.releaseReservation(order.reservationId);
  await change(database, order, { stockState: 'released' });
}

async function keep(services: OrderServices, order: OrderRow): Promise<void> {
  if (await confirm(services, order)) return;

  // The reservation has ended and its pieces are back on sale: take them again, if they are still there.
  const lines = await services.database
    .select({ skuId: orderLineTable.skuId, quantity: orderLineTable.quantity })
    .from(orderLineTable)
    .where(eq(orderLineTable.orderId, order.id));
  const held = await holdStock(services.product, order.id, lines);
  if (held.__typename !== 'HeldStock') {
    await change(services.database, order, { status: 'CANCELLED', stockState: 'released' });
    return;
  }
  const renewed = await change(services.database, order, { reservationId: held.reservationId });
  if (renewed) await confirm(services, renewed);
}

async function confirm({ database, product }: OrderServices, order: OrderRow): Promise<boolean> {
  if (!order.reservationId) return false;
  const state = await product.confirmReservation(order.reservationId);
  if (state !== 'CONFIRMED') return false;
  await change(database, order, { stockState: 'confirmed' });
  return true;
}

/** Nothing when the order's stock is no longer as `order` says: somebody else has gone on with it. */
async function change(
  database: Database,
  order: OrderRow,
  changes: Partial<Pick<OrderRow, 'status' | 'stockState' | 'reservationId'>>,
): Promise<OrderRow | undefined> {
  const [changed] = await database
    .update(orderTable)
    .set(changes)
    .where(
      and(
        eq(orderTable.id, order.id),
        eq(orderTable.stockState, order.stockState),
        sql`${orderTable.reservationId} is not distinct from ${order.reservationId}`,
      ),
    )
    .returning();
  return changed;
}
