/** Moves an order from one status to another; of two who try at once, one wins. */
import { and, eq, inArray } from 'drizzle-orm';
import { subgraphError } from '../shared/subgraph-error.ts';
import { cancellableStatuses, isStepForward, type OrderStatus } from './order-status.ts';
import { type OrderServices, settleStock } from './settle-stock.ts';
import { type OrderRow, orderTable } from './tables.ts';

export type ChangeOrderAnswer =
  | ({ readonly __typename: 'Order' } & OrderRow)
  | { readonly __typename: 'UnknownOrder'; readonly message: string; readonly orderId: string }
  | {
      readonly __typename: 'IllegalTransition';
      readonly message: string;
      readonly from: OrderStatus;
      readonly to: OrderStatus;
    };

/** Another user's order is an unknown one. */
export async function cancelOrder(
  services: OrderServices,
  { userId, orderId }: { userId: string; orderId: string },
): Promise<ChangeOrderAnswer> {
  const isOwn = and(eq(orderTable.id, orderId), eq(orderTable.userId, userId));
  const [cancelled] = await services.database
    .update(orderTable)
    .set({ status: 'CANCELLED', stockState: 'release_pending' })
    .where(and(isOwn, inArray(orderTable.status, [...cancellableStatuses])))
    .returning();
  if (cancelled) {
    // The order is cancelled whatever becomes of this: recovery repeats it.
    await settleStock(services, orderId).catch(() => {});
    return { __typename: 'Order', ...cancelled };
  }
  const [order] = await services.database.select().from(orderTable).where(isOwn);
  return order ? illegalTransition(order.status, 'CANCELLED') : unknownOrder(orderId);
}

/** @throws UPSTREAM_UNAVAILABLE when it is not certain that the goods to be sent are the order's own */
export async function advanceOrder(
  services: OrderServices,
  { orderId, to }: { orderId: string; to: OrderStatus },
): Promise<ChangeOrderAnswer> {
  if (to === 'SHIPPED') await settleStock(services, orderId);
  const [order] = await services.database.select().from(orderTable).where(eq(orderTable.id, orderId));
  if (!order) return unknownOrder(orderId);
  if (!isStepForward(order.status, to)) return illegalTransition(order.status, to);
  if (to === 'SHIPPED' && order.stockState !== 'confirmed') {
    throw subgraphError('UPSTREAM_UNAVAILABLE', 'The stock of the order is not settled yet. Try again.');
  }
  const [advanced] = await services.database
    .update(orderTable)
    .set({ status: to })
    .where(and(eq(orderTable.id, orderId), eq(orderTable.status, order.status)))
    .returning();
  // Whoever was faster has moved it out of `order.status`, and no status is ever come back to.
  return advanced ? { __typename: 'Order', ...advanced } : advanceOrder(services, { orderId, to });
}

function unknownOrder(orderId: string): ChangeOrderAnswer {
  return { __typename: 'UnknownOrder', message: 'There is no such order.', orderId };
}

function illegalTransition(from: OrderStatus, to: OrderStatus): ChangeOrderAnswer {
  return {
    __typename: 'IllegalTransition',
    message: `An order that is ${from} cannot become ${to}.`,
    from,
    to,
  };
}
