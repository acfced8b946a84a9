/** The state machine of an order: which status may follow which. */
export const orderStatuses = ['CREATED', 'PAID', 'SHIPPED', 'COMPLETED', 'CANCELLED'] as const;

export type OrderStatus = (typeof orderStatuses)[number];

const next: Readonly<Partial<Record<OrderStatus, OrderStatus>>> = {
  CREATED: 'PAID',
  PAID: 'SHIPPED',
  SHIPPED: 'COMPLETED',
};

/** Statuses whose goods are still in the warehouse. */
export const cancellableStatuses = ['CREATED', 'PAID'] as const satisfies readonly OrderStatus[];

/** Cancelling is a transition of its own, not a step forward. */
export function isStepForward(from: OrderStatus, to: OrderStatus): boolean {
  return next[from] === to;
}
