/** Takes the stock of an order's lines, all of them or none. */
import { and, eq, gte, sql } from 'drizzle-orm';
import type { Database } from '../shared/database.ts';
import { parseId } from '../shared/parse-id.ts';
import { subgraphError } from '../shared/subgraph-error.ts';
import { endExpiredHolds } from './expired-holds.ts';
import {
  productTable,
  type ReservationLineRow,
  reservationLineTable,
  reservationTable,
  skuTable,
} from './tables.ts';

export interface StockRequest {
  /** Chosen by the caller; asking again with the same id and lines takes nothing more. */
  readonly reservationId: string;
  /** From 1 to 100 lines, each SKU once. */
  readonly lines: readonly StockLine[];
  /** From 1 second to a day. */
  readonly ttlSeconds: number;
}

export interface StockLine {
  readonly skuId: string;
  readonly quantity: number;
}

export type StockAnswer =
  | {
      readonly __typename: 'StockReservation';
      readonly id: string;
      readonly state: 'HELD' | 'CONFIRMED' | 'RELEASED' | 'EXPIRED';
      readonly lines: readonly ReservationLineRow[];
    }
  | StockRefusal;

type StockRefusal =
  | {
      readonly __typename: 'OutOfStock';
      readonly message: string;
      readonly skuId: string;
      readonly available: number;
    }
  | { readonly __typename: 'UnknownSku'; readonly message: string; readonly skuId: string };

const maxLines = 100;
const maxTtlSeconds = 86_400;

/** Undoes the transaction that throws it and carries the answer out. */
class StockRefusedError extends Error {
  override readonly name = 'StockRefusedError';
  readonly refusal: StockRefusal;

  constructor(refusal: StockRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * A refusal is not remembered: the same id may be tried again. A reservation is, with its lines as they
 * were when its stock was taken; its state is the present one.
 * @throws BAD_USER_INPUT when the request breaks a limit of `StockRequest`; RESERVATION_CONFLICT when the id
 * was used for other lines
 */
export async function reserveStock(
  database: Database,
  request: StockRequest,
  now: number,
): Promise<StockAnswer> {
  refuseBadRequest(request);
  const lines = request.lines.toSorted((a, b) => (a.skuId < b.skuId ? -1 : 1));
  // In a transaction of its own: a refusal below must not undo it.
  await endExpiredHolds(
    database,
    now,
    lines.map((line) => line.skuId),
  );
  try {
    return await database.transaction(async (transaction) => {
      const created = await transaction
        .insert(reservationTable)
        .values({
          id: request.reservationId,
          state: 'HELD',
          expiresAt: new Date(now + request.ttlSeconds * 1000),
        })
        .onConflictDoNothing()
        .returning();
      if (created.length === 0) return await repeatAnswer(transaction, request.reservationId, lines);
      const taken: ReservationLineRow[] = [];
      for (const line of lines) taken.push(await takeLine(transaction, request.reservationId, line));
      await transaction.insert(reservationLineTable).values(taken);
      return { __typename: 'StockReservation', id: request.reservationId, state: 'HELD', lines: taken };
    });
  } catch (error) {
    if (error instanceof StockRefusedError) return error.refusal;
    throw error;
  }
}

async function takeLine(
  transaction: Database,
  reservationId: string,
  { skuId, quantity }: StockLine,
): Promise<ReservationLineRow> {
  const [taken] = await transaction
    .update(skuTable)
    .set({ stock: sql`${skuTable.stock} - ${quantity}` })
    .from(productTable)
    .where(
      and(eq(skuTable.id, skuId), eq(productTable.id, skuTable.productId), gte(skuTable.stock, quantity)),
    )
    .returning({
      productId: skuTable.productId,
      title: productTable.title,
      priceFen: skuTable.priceFen,
      weightGrams: skuTable.weightGrams,
    });
  if (taken) return { reservationId, skuId, quantity, ...taken };

  const [sku] = await transaction
    .select({ available: skuTable.stock })
    .from(skuTable)
    .where(eq(skuTable.id, skuId));
  throw new StockRefusedError(
    sku
      ? { __typename: 'OutOfStock', message: `Only ${sku.available} left.`, skuId, ...sku }
      : { __typename: 'UnknownSku', message: 'There is no such SKU.', skuId },
  );
}

async function repeatAnswer(
  transaction: Database,
  id: string,
  asked: readonly StockLine[],
): Promise<StockAnswer> {
  const [reservation] = await transaction
    .select({ state: reservationTable.state })
    .from(reservationTable)
    .where(eq(reservationTable.id, id));
  const lines = await transaction
    .select()
    .from(reservationLineTable)
    .where(eq(reservationLineTable.reservationId, id))
    .orderBy(reservationLineTable.skuId);
  const isSame =
    lines.length === asked.length &&
    lines.every((line, i) => line.skuId === asked[i]?.skuId && line.quantity === asked[i]?.quantity);
  if (!reservation || !isSame) {
    throw subgraphError('RESERVATION_CONFLICT', 'This reservation id was used for other lines.');
  }
  return { __typename: 'StockReservation', id, state: reservation.state, lines };
}

function refuseBadRequest({ reservationId, lines, ttlSeconds }: StockRequest): void {
  const refuse = (message: string): never => {
    throw subgraphError('BAD_USER_INPUT', message);
  };
  parseId(reservationId);
  if (lines.length < 1 || lines.length > maxLines) refuse(`"lines" must be from 1 to ${maxLines}.`);
  if (lines.some((line) => line.quantity < 1)) refuse('"quantity" must be 1 or more.');
  for (const line of lines) parseId(line.skuId);
  if (new Set(lines.map((line) => line.skuId)).size < lines.length) refuse('"lines" name one SKU twice.');
  if (ttlSeconds < 1 || ttlSeconds > maxTtlSeconds)
    refuse(`"ttlSeconds" must be from 1 to ${maxTtlSeconds}.`);
}
