/** Speaks to the product subgraph's internal mutations: takes, keeps and gives back stock. */
import { Agent, request } from 'undici';
import { z } from 'zod';
import { subgraphError } from '../shared/subgraph-error.ts';
import { signRequest } from '../verify/index.ts';
import { outOfStock, unknownSku } from './create-order-answer.ts';

export interface ProductClientOptions {
  /** Where the product subgraph answers; a function when that is known only later. */
  readonly productUrl: URL | (() => URL);
  readonly internalKey: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Sees why the product subgraph was unavailable; the one who asked learns only that it was. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** Every function throws UPSTREAM_UNAVAILABLE when there is no usable answer within 2 seconds. */
export interface ProductClient {
  /** Asking again with the same id and lines takes nothing more. */
  reserveStock(reservationId: string, lines: readonly StockLine[]): Promise<StockAnswer>;
  confirmReservation(reservationId: string): Promise<ReservationState>;
  releaseReservation(reservationId: string): Promise<ReservationState>;
  close(): Promise<void>;
}

export interface StockLine {
  readonly skuId: string;
  readonly quantity: number;
}

export type StockAnswer = z.infer<typeof stockAnswer>;
export type ReservedLine = z.infer<typeof reservedLine>;
export type ReservationState = z.infer<typeof reservationState>;

const deadlineMs = 2_000;
const maxAnswerBytes = 262_144;
/** Long enough for a slow order, short enough that a crash does not keep goods from other buyers. */
const reservationTtlSeconds = 120;

const reservationState = z.enum(['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED', 'UNKNOWN']);

const reservedLine = z.object({
  skuId: z.string(),
  productId: z.string(),
  title: z.string(),
  quantity: z.int(),
  priceFen: z.int(),
  weightGrams: z.int(),
});

const stockAnswer = z.discriminatedUnion('__typename', [
  z.object({
    __typename: z.literal('StockReservation'),
    state: reservationState,
    lines: z.array(reservedLine),
  }),
  outOfStock,
  unknownSku,
]);

const reserveDocument = `mutation ($reservationId: ID!, $lines: [StockLineInput!]!, $ttlSeconds: Int!) {
  answer: reserveStock(reservationId: $reservationId, lines: $lines, ttlSeconds: $ttlSeconds) {
    __typename
    ... on StockReservation { state lines { skuId productId title quantity priceFen weightGrams } }
    ... on OutOfStock { message skuId available }
    ... on UnknownSku { message skuId }
  }
}`;
const confirmDocument = 'mutation ($id: ID!) { answer: confirmReservation(reservationId: $id) }';
const releaseDocument = 'mutation ($id: ID!) { answer: releaseReservation(reservationId: $id) }';

export function createProductClient(options: ProductClientOptions): ProductClient {
  const agent = new Agent({ maxResponseSize: maxAnswerBytes });

  async function ask<Answer>(
    query: string,
    variables: Record<string, unknown>,
    answer: z.ZodType<Answer>,
  ): Promise<Answer> {
    try {
      const url = typeof options.productUrl === 'function' ? options.productUrl() : options.productUrl;
      const body = JSON.stringify({ query, variables });
      const signature = signRequest({
        url,
        audience: 'product',
        caller: { kind: 'service', name: 'order' },
        body,
        key: options.internalKey,
        now: options.now(),
      });
      const response = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signature },
        body,
        dispatcher: agent,
        signal: AbortSignal.timeout(deadlineMs),
      });
      return z.object({ data: z.object({ answer }) }).parse(await response.body.json()).data.answer;
    } catch (error) {
      options.onFault?.(error);
      throw subgraphError('UPSTREAM_UNAVAILABLE', 'The stock of the shop cannot be reached. Try again.');
    }
  }

  return {
    reserveStock: (reservationId, lines) =>
      ask(reserveDocument, { reservationId, lines, ttlSeconds: reservationTtlSeconds }, stockAnswer),
    confirmReservation: (id) => ask(confirmDocument, { id }, reservationState),
    releaseReservation: (id) => ask(releaseDocument, { id }, reservationState),
    close: () => agent.close(),
  };
}
