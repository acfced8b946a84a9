/** What `createOrder` may answer, read back from the JSON that the database keeps for repetitions. */
import { z } from 'zod';
import { orderStatuses } from './order-status.ts';
import { stockStates } from './stock-state.ts';

export type CreateOrderAnswer = z.infer<typeof answer>;
/** Something the buyer can mend by asking for something else. */
export type OrderRefusal = Exclude<CreateOrderAnswer, { __typename: 'Order' }>;

export const outOfStock = z.object({
  __typename: z.literal('OutOfStock'),
  message: z.string(),
  skuId: z.string(),
  available: z.int(),
});

export const unknownSku = z.object({
  __typename: z.literal('UnknownSku'),
  message: z.string(),
  skuId: z.string(),
});

const answer = z.discriminatedUnion('__typename', [
  /** The row as it was when the order was placed, so that a repetition is answered the same ever after. */
  z.object({
    __typename: z.literal('Order'),
    id: z.string(),
    userId: z.string(),
    status: z.enum(orderStatuses),
    totalFen: z.int(),
    stockState: z.enum(stockStates),
    reservationId: z.string().nullable(),
    createdAt: z.coerce.date<string>(),
  }),
  outOfStock,
  unknownSku,
  z.object({ __typename: z.literal('InvalidQuantity'), message: z.string(), skuId: z.string() }),
  z.object({ __typename: z.literal('InvalidOrder'), message: z.string() }),
  z.object({ __typename: z.literal('ShopClosed'), message: z.string() }),
]);

export function parseAnswer(stored: unknown): CreateOrderAnswer {
  return answer.parse(stored);
}
