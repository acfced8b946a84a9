/** What the resolvers of one request to the order subgraph share. */
import type { Caller } from '../verify/index.ts';
import { createOrderLoaders, type OrderLoaders } from './loaders.ts';
import type { PlacingServices } from './place-order.ts';

export interface OrderContext {
  readonly caller: Caller;
  /** The request header, as the client sent it. */
  readonly idempotencyKey: string | undefined;
  readonly services: PlacingServices;
  readonly loaders: OrderLoaders;
}

export function createOrderContext(parts: Omit<OrderContext, 'loaders'>): OrderContext {
  return { ...parts, loaders: createOrderLoaders(parts.services.database) };
}
