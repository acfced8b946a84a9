/** Starts the order subgraph beside the real product subgraph, on one database, and calls both. */
import { and, eq, ne, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { type Claim, claimKey, hashRequest } from '../../../subgraphs/order/idempotency.ts';
import { createOrderSubgraph } from '../../../subgraphs/order/subgraph.ts';
import { idempotencyTable, orderLineTable, orderTable } from '../../../subgraphs/order/tables.ts';
import { createProductSubgraph } from '../../../subgraphs/product/subgraph.ts';
import {
  categoryTable,
  productTable,
  reservationTable,
  skuTable,
} from '../../../subgraphs/product/tables.ts';
import { type Database, type DatabaseServer, openDatabase } from '../../../subgraphs/shared/database.ts';
import { createSortableId } from '../../../subgraphs/shared/sortable-id.ts';
import type { Caller } from '../../../subgraphs/verify/index.ts';
import {
  callerOf,
  internalKey,
  type SubgraphAnswer,
  type SubgraphCall,
  user,
} from '../../support/subgraph-call.ts';
import { createFaultProxy, type FaultProxy } from './fault-proxy.ts';

export interface OrderShop {
  readonly database: DatabaseServer;
  /** For looking at rows from outside. */
  readonly rows: Database;
  /** What both subgraphs take for the time; tests move it. */
  readonly clock: { ms: number };
  /** Between the order subgraph and the product subgraph. */
  readonly proxy: FaultProxy;
  /** Past the proxy. */
  readonly productUrl: URL;
  /** Statements that requests to the order subgraph have sent. */
  readonly queries: string[];
  /** What went wrong inside the order subgraph. */
  readonly faults: unknown[];
  ask(call: SubgraphCall): Promise<SubgraphAnswer>;
  /** A second process of the order subgraph, which no fault of the proxy touches. */
  startSecondOrder(options: SecondOrderOptions): Promise<SecondOrder>;
  close(): Promise<void>;
}

export interface SecondOrderOptions {
  readonly claimWaitMs?: number;
}

/** It looks for unsettled orders when it starts, and then no more. */
export interface SecondOrder {
  ask(call: SubgraphCall): Promise<SubgraphAnswer>;
  close(): Promise<void>;
}

export interface ShopOptions {
  /** Without it, PGlite in memory. */
  readonly databaseUrl?: string;
}

export const buyer = user('u-buyer');
export const stranger = user('u-stranger');
export const admin = user('u-admin', ['USER', 'ADMIN'], ['order:write', 'shop:write']);

export async function startShop(options: ShopOptions = {}): Promise<OrderShop> {
  const clock = { ms: Date.parse('2026-11-22T08:00:00Z') };
  const now = () => clock.ms;
  const database = await openDatabase({ url: options.databaseUrl });
  const shared = { database, internalKey, host: '127.0.0.1', port: 0, now };
  const product = await createProductSubgraph({ ...shared, sweepIntervalMs: 25 });
  const productUrl = new URL(product.url);
  const proxy = await createFaultProxy(productUrl);
  const queries: string[] = [];
  const faults: unknown[] = [];
  const order = await createOrderSubgraph({
    ...shared,
    productUrl: proxy.url,
    onQuery: (text) => queries.push(text),
    onFault: (error) => faults.push(error),
    recoveryIntervalMs: 25,
  });
  return {
    database,
    rows: database.connect(),
    clock,
    proxy,
    queries,
    faults,
    ask: callerOf(order.url, 'order', now),
    productUrl,
    async startSecondOrder(settings) {
      const second = await createOrderSubgraph({
        ...shared,
        ...settings,
        productUrl,
        recoveryIntervalMs: 3_600_000,
      });
      return { ask: callerOf(second.url, 'order', now), close: second.close };
    },
    async close() {
      await order.close();
      await proxy.close();
      await product.close();
      await database.close();
    },
  };
}

export const createOrderMutation = `mutation ($lines: [OrderLineInput!]!) {
  createOrder(input: { lines: $lines }) {
    __typename
    ... on Order { id status totalFen createdAt buyer { id } lines { title quantity unitPriceFen lineTotalFen sku { id } product { id } } }
    ... on OutOfStock { message skuId available }
    ... on UnknownSku { message skuId }
    ... on InvalidQuantity { message skuId }
    ... on InvalidOrder { message }
    ... on ShopClosed { message }
  }
}`;

export interface OrderLine {
  readonly skuId: string;
  readonly quantity: number;
}

export function createOrder(
  shop: Pick<OrderShop, 'ask'>,
  { lines, caller = buyer, key = 'key-1' }: { lines: readonly OrderLine[]; caller?: Caller; key?: string },
): Promise<SubgraphAnswer> {
  return shop.ask({ query: createOrderMutation, variables: { lines }, caller, idempotencyKey: key });
}

/** What a process leaves that crashes before it has done anything for the key that it claimed. */
export async function claimAndCrash(
  { rows, clock }: OrderShop,
  key: string,
  lines: readonly OrderLine[],
): Promise<Claim> {
  const request = {
    userId: 'u-buyer',
    key: `${key}#createOrder`,
    requestHash: hashRequest(lines),
    newOrderId: createSortableId('o', clock.ms),
  };
  const outcome = await claimKey(rows, request, clock.ms);
  if (outcome.state !== 'mine') throw new Error('The key is not new.');
  return outcome.claim;
}

/** `expect.poll`, with patience for a busy machine. */
export function eventually<Value>(read: () => Promise<Value> | Value) {
  return expect.poll(read, { timeout: 10_000 });
}

/** The value of a root field, which the test knows the shape of. */
export function fieldOf<Value>(answer: SubgraphAnswer, field: string): Value {
  const value = answer.data?.[field];
  if (value == null) throw new Error(`There is no ${field}: ${JSON.stringify(answer)}`);
  return value as Value;
}

/** The id of the order that an answer holds. */
export function idOf(answer: SubgraphAnswer): string {
  const { id } = fieldOf<{ id?: string }>(answer, 'createOrder');
  if (!id) throw new Error(`No order was placed: ${JSON.stringify(answer)}`);
  return id;
}

export async function stockOf({ rows }: OrderShop, skuId: string): Promise<number> {
  const [sku] = await rows.select({ stock: skuTable.stock }).from(skuTable).where(eq(skuTable.id, skuId));
  if (!sku) throw new Error(`There is no SKU ${skuId}.`);
  return sku.stock;
}

/** A SKU that no other test knows. It costs 10 yuan, as one of the product `p-test`. */
export async function addSku(
  { rows }: OrderShop,
  id: string,
  stock: number,
  priceFen = 1_000,
): Promise<void> {
  await rows.insert(categoryTable).values({ id: 'c-test', name: 'Test' }).onConflictDoNothing();
  await rows
    .insert(productTable)
    .values({ id: 'p-test', categoryId: 'c-test', title: 'Cup', description: 'A cup.' })
    .onConflictDoNothing();
  await rows
    .insert(skuTable)
    .values({ id, productId: 'p-test', name: id, priceFen, weightGrams: 300, stock });
}

/** Pieces in stock and in orders that were placed and not cancelled: goods neither vanish nor multiply. */
export async function piecesOf(shop: OrderShop, skuId: string): Promise<number> {
  const [sold] = await shop.rows
    .select({ pieces: sql<number>`coalesce(sum(${orderLineTable.quantity}), 0)::int` })
    .from(orderLineTable)
    .innerJoin(orderTable, eq(orderTable.id, orderLineTable.orderId))
    .where(
      and(
        eq(orderLineTable.skuId, skuId),
        ne(orderTable.status, 'CANCELLED'),
        sql`${orderTable.reservationId} is not null`,
      ),
    );
  return (await stockOf(shop, skuId)) + (sold?.pieces ?? 0);
}

/** What a refused order must leave as it was; keys and their answers are not part of it. */
export async function contentsOf({ rows }: OrderShop) {
  return {
    orders: await rows.$count(orderTable),
    lines: await rows.$count(orderLineTable),
    reservations: await rows.$count(reservationTable),
    stock: await rows.select({ id: skuTable.id, stock: skuTable.stock }).from(skuTable).orderBy(skuTable.id),
  };
}

export function keysOf({ rows }: OrderShop): Promise<number> {
  return Promise.resolve(rows.$count(idempotencyTable));
}

export async function stockStateOf({ rows }: OrderShop, orderId: string) {
  const [order] = await rows
    .select({ status: orderTable.status, stockState: orderTable.stockState })
    .from(orderTable)
    .where(eq(orderTable.id, orderId));
  return order;
}
