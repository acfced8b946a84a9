/** Places an order once per key: claims the key, holds the stock, writes the order, keeps the stock. */
import { setTimeout } from 'node:timers/promises';
import { createSortableId } from '../shared/sortable-id.ts';
import { subgraphError } from '../shared/subgraph-error.ts';
import type { CreateOrderAnswer, OrderRefusal } from './create-order-answer.ts';
import { type HeldStock, holdStock } from './hold-stock.ts';
import { answerClaim, type Claim, claimKey, freeClaim, hashRequest } from './idempotency.ts';
import type { StockLine } from './product-client.ts';
import { refuseLines } from './refuse-lines.ts';
import { type OrderServices, settleStock } from './settle-stock.ts';
import { isShopOpen } from './shop.ts';
import { type OrderLineRow, orderLineTable, orderTable } from './tables.ts';

export interface OrderRequest {
  readonly userId: string;
  /** Tells this order apart from the user's others; a repetition has the same. */
  readonly key: string;
  readonly lines: readonly StockLine[];
}

export interface PlacingServices extends OrderServices {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long a repetition waits for the answer to the first request. */
  readonly claimWaitMs: number;
}

const pollMs = 100;
/** The greatest number that GraphQL's Int can carry. */
const maxTotalFen = 2_147_483_647;

/**
 * A repetition gets the first answer, and waits for it if need be.
 * @throws IDEMPOTENCY_IN_PROGRESS when that takes too long; IDEMPOTENCY_KEY_REUSED for a key that came with other
 * lines; UPSTREAM_UNAVAILABLE when the product subgraph does not answer, after which the key may be tried again
 */
export async function placeOrder(
  services: PlacingServices,
  request: OrderRequest,
): Promise<CreateOrderAnswer> {
  const { userId, key, lines } = request;
  const keyed = {
    userId,
    key,
    requestHash: hashRequest(lines),
    newOrderId: createSortableId('o', services.now()),
  };
  for (let waitedMs = 0; waitedMs <= services.claimWaitMs; waitedMs += pollMs) {
    const outcome = await claimKey(services.database, keyed, services.now());
    if (outcome.state === 'answered') return outcome.answer;
    if (outcome.state === 'mine') {
      const answer = await answerOnce(services, outcome.claim, lines);
      if (answer) return answer;
    }
    await setTimeout(pollMs);
  }
  throw subgraphError('IDEMPOTENCY_IN_PROGRESS', 'This order is still being placed. Ask again.');
}

/** Nothing when another owner has taken the claim over, whose answer counts. */
async function answerOnce(
  services: PlacingServices,
  claim: Claim,
  lines: readonly StockLine[],
): Promise<CreateOrderAnswer | undefined> {
  let answer: CreateOrderAnswer;
  try {
    const prepared = await prepareOrder(services, claim, lines);
    answer = prepared.answer;
    if (!(await writeAnswer(services, claim, prepared))) return undefined;
  } catch (error) {
    await freeClaim(services.database, claim).catch(() => {});
    throw error;
  }
  // The order stands whatever becomes of this: recovery repeats it.
  if (answer.__typename === 'Order') await settleStock(services, answer.id).catch(() => {});
  return answer;
}

interface PreparedOrder {
  readonly answer: CreateOrderAnswer;
  readonly lines: readonly OrderLineRow[];
}

async function prepareOrder(
  services: PlacingServices,
  claim: Claim,
  lines: readonly StockLine[],
): Promise<PreparedOrder> {
  const refuse = (answer: OrderRefusal): PreparedOrder => ({ answer, lines: [] });
  const refusal = refuseLines(lines);
  if (refusal) return refuse(refusal);
  if (!(await isShopOpen(services.database))) {
    return refuse({ __typename: 'ShopClosed', message: 'The shop takes no orders at the moment.' });
  }
  const held = await holdStock(services.product, claim.orderId, lines);
  if (held.__typename !== 'HeldStock') return refuse(held);

  const orderLines = toOrderLines(claim.orderId, lines, held);
  const totalFen = orderLines.reduce((sum, line) => sum + line.quantity * line.unitPriceFen, 0);
  if (totalFen > maxTotalFen) {
    await services.product.releaseReservation(held.reservationId);
    return refuse({ __typename: 'InvalidOrder', message: 'The order costs too much.' });
  }
  return {
    answer: {
      __typename: 'Order',
      id: claim.orderId,
      userId: claim.userId,
      status: 'CREATED',
      totalFen,
      stockState: 'held',
      reservationId: held.reservationId,
      createdAt: new Date(services.now()),
    },
    lines: orderLines,
  };
}

/** In the buyer's order of lines. */
function toOrderLines(orderId: string, asked: readonly StockLine[], held: HeldStock): OrderLineRow[] {
  return asked.map(({ skuId }, position) => {
    const reserved = held.lines.find((line) => line.skuId === skuId);
    if (!reserved)
      throw new Error(`The reservation ${held.reservationId} is for other SKUs than were asked.`);
    const { priceFen, ...line } = reserved;
    return { ...line, orderId, position, unitPriceFen: priceFen };
  });
}

/** The order, its lines and the stored answer, or none of them. */
function writeAnswer(
  services: OrderServices,
  claim: Claim,
  { answer, lines }: PreparedOrder,
): Promise<boolean> {
  return services.database.transaction(async (transaction) => {
    if (!(await answerClaim(transaction, claim, answer))) return false;
    if (answer.__typename === 'Order') {
      await transaction.insert(orderTable).values(answer);
      await transaction.insert(orderLineTable).values([...lines]);
    }
    return true;
  });
}
