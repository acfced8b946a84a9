/** The tables of the order subgraph; `migrations/` creates them. */
import { boolean, index, integer, jsonb, pgSchema, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { orderStatuses } from './order-status.ts';
import { stockStates } from './stock-state.ts';

const schema = pgSchema('orders');

export const orderTable = schema.table(
  'order',
  {
    /** Sorts by time, byte by byte: the newest is the greatest. */
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    status: text('status', { enum: orderStatuses }).notNull(),
    totalFen: integer('total_fen').notNull(),
    stockState: text('stock_state', { enum: stockStates }).notNull(),
    /** In the product subgraph; null for orders of the seed, whose pieces were never taken from stock. */
    reservationId: text('reservation_id'),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [index('order_by_user').on(table.userId, table.id.desc())],
);

/** What was bought, with title, price and weight as they were at that moment. */
export const orderLineTable = schema.table(
  'order_line',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orderTable.id),
    position: integer('position').notNull(),
    skuId: text('sku_id').notNull(),
    productId: text('product_id').notNull(),
    title: text('title').notNull(),
    quantity: integer('quantity').notNull(),
    unitPriceFen: integer('unit_price_fen').notNull(),
    weightGrams: integer('weight_grams').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orderId, table.position] })],
);

/** One row per user and key: who works on the answer, and then the answer. */
export const idempotencyTable = schema.table(
  'idempotency',
  {
    userId: text('user_id').notNull(),
    /** The request header and the root field's response name, joined by `#`. */
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    /** Chosen with the first claim, so that whoever takes over finds the stock already held for it. */
    orderId: text('order_id').notNull(),
    /** `free` after a failure that a repetition may mend. */
    state: text('state', { enum: ['claimed', 'free', 'answered'] }).notNull(),
    claimedAt: timestamp('claimed_at', { withTimezone: true, precision: 3 }).notNull(),
    /** Grows with each claim: an owner that was merely slow finds that it has been replaced. */
    attempt: integer('attempt').notNull(),
    answer: jsonb('answer'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.key] })],
);

/** One row: whether orders are taken. */
export const shopTable = schema.table('shop', {
  id: integer('id').primaryKey(),
  open: boolean('open').notNull(),
});

export type OrderRow = typeof orderTable.$inferSelect;
export type OrderLineRow = typeof orderLineTable.$inferSelect;
