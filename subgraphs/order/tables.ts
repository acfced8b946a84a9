/** The tables of the order subgraph; `migrations/` creates them. */
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { sortableText } from '../shared/sortable-text.ts';
import { orderStatuses } from './order-status.ts';
import { stockStates } from './stock-state.ts';

const schema = pgSchema('orders');

export const orderTable = schema.table(
  'order',
  {
    /** Sorts by time: the newest is the greatest. */
    id: sortableText('id').primaryKey(),
    userId: sortableText('user_id').notNull(),
    status: text('status', { enum: orderStatuses }).notNull(),
    totalFen: integer('total_fen').notNull(),
    stockState: text('stock_state', { enum: stockStates }).notNull(),
    /** In the product subgraph; null for orders of the seed, whose pieces were never taken from stock. */
    reservationId: sortableText('reservation_id'),
    createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [
    index('order_by_user').on(table.userId, table.id.desc()),
    index('order_unsettled').on(table.id).where(sql`${table.stockState} in ('held', 'release_pending')`),
    check(
      'order_status_known',
      sql`${table.status} in ('CREATED', 'PAID', 'SHIPPED', 'COMPLETED', 'CANCELLED')`,
    ),
    check(
      'order_stock_state_known',
      sql`${table.stockState} in ('held', 'confirmed', 'release_pending', 'released')`,
    ),
  ],
);

/** What was bought, with title, price and weight as they were at that moment. */
export const orderLineTable = schema.table(
  'order_line',
  {
    orderId: sortableText('order_id')
      .notNull()
      .references(() => orderTable.id),
    position: integer('position').notNull(),
    skuId: sortableText('sku_id').notNull(),
    productId: sortableText('product_id').notNull(),
    title: text('title').notNull(),
    quantity: integer('quantity').notNull(),
    unitPriceFen: integer('unit_price_fen').notNull(),
    weightGrams: integer('weight_grams').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.position] }),
    check('order_line_quantity_orderable', sql`${table.quantity} between 1 and 99`),
  ],
);

/** One row per user and key: who works on the answer, and then the answer. */
export const idempotencyTable = schema.table(
  'idempotency',
  {
    userId: sortableText('user_id').notNull(),
    /** The request header and the root field's response name, joined by `#`. */
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    /** Chosen with the first claim, so that whoever takes over finds the stock already held for it. */
    orderId: sortableText('order_id').notNull(),
    /** `free` after a failure that a repetition may mend. */
    state: text('state', { enum: ['claimed', 'free', 'answered'] }).notNull(),
    claimedAt: timestamp('claimed_at', { withTimezone: true, precision: 3 }).notNull(),
    /** Grows with each claim: an owner that was merely slow finds that it has been replaced. */
    attempt: integer('attempt').notNull(),
    answer: jsonb('answer'),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.key] }),
    index('idempotency_by_age').on(table.claimedAt),
    check('idempotency_state_known', sql`${table.state} in ('claimed', 'free', 'answered')`),
    check('idempotency_answer_stored', sql`(${table.state} = 'answered') = (${table.answer} is not null)`),
  ],
);

/** One row: whether orders are taken. */
export const shopTable = schema.table(
  'shop',
  { id: integer('id').primaryKey(), open: boolean('open').notNull() },
  (table) => [check('shop_is_one', sql`${table.id} = 1`)],
);

export type OrderRow = typeof orderTable.$inferSelect;
export type OrderLineRow = typeof orderLineTable.$inferSelect;
