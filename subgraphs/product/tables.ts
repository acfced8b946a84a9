/** The tables of the product subgraph; `migrations/` creates them. */
import { sql } from 'drizzle-orm';
import { check, index, integer, pgSchema, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { sortableText } from '../shared/sortable-text.ts';

const schema = pgSchema('product');

export const categoryTable = schema.table('category', {
  id: sortableText('id').primaryKey(),
  name: text('name').notNull(),
});

export const productTable = schema.table(
  'product',
  {
    id: sortableText('id').primaryKey(),
    categoryId: sortableText('category_id')
      .notNull()
      .references(() => categoryTable.id),
    title: text('title').notNull(),
    description: text('description').notNull(),
  },
  (table) => [index('product_by_category').on(table.categoryId, table.id.desc())],
);

export const skuTable = schema.table(
  'sku',
  {
    id: sortableText('id').primaryKey(),
    productId: sortableText('product_id')
      .notNull()
      .references(() => productTable.id),
    name: text('name').notNull(),
    priceFen: integer('price_fen').notNull(),
    weightGrams: integer('weight_grams').notNull(),
    stock: integer('stock').notNull(),
  },
  (table) => [
    index('sku_by_product').on(table.productId, table.id),
    check('sku_price_positive', sql`${table.priceFen} > 0`),
    check('sku_weight_positive', sql`${table.weightGrams} > 0`),
    check('sku_stock_not_negative', sql`${table.stock} >= 0`),
  ],
);

export const imageTable = schema.table(
  'image',
  {
    productId: sortableText('product_id')
      .notNull()
      .references(() => productTable.id),
    position: integer('position').notNull(),
    url: text('url').notNull(),
    alt: text('alt').notNull(),
  },
  (table) => [primaryKey({ columns: [table.productId, table.position] })],
);

export const reservationTable = schema.table(
  'reservation',
  {
    id: sortableText('id').primaryKey(),
    state: text('state', { enum: ['HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED'] }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [
    index('reservation_held_by_expiry').on(table.expiresAt).where(sql`${table.state} = 'HELD'`),
    index('reservation_ended_by_expiry')
      .on(table.expiresAt)
      .where(sql`${table.state} in ('RELEASED', 'EXPIRED')`),
    check('reservation_state_known', sql`${table.state} in ('HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED')`),
  ],
);

/** What was taken, with the SKU's title, price and weight at that moment. */
export const reservationLineTable = schema.table(
  'reservation_line',
  {
    reservationId: sortableText('reservation_id')
      .notNull()
      .references(() => reservationTable.id, { onDelete: 'cascade' }),
    skuId: sortableText('sku_id')
      .notNull()
      .references(() => skuTable.id),
    productId: sortableText('product_id').notNull(),
    title: text('title').notNull(),
    quantity: integer('quantity').notNull(),
    priceFen: integer('price_fen').notNull(),
    weightGrams: integer('weight_grams').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.reservationId, table.skuId] }),
    index('reservation_line_by_sku').on(table.skuId),
    check('reservation_line_quantity_positive', sql`${table.quantity} > 0`),
  ],
);

export type CategoryRow = typeof categoryTable.$inferSelect;
export type ProductRow = typeof productTable.$inferSelect;
export type SkuRow = typeof skuTable.$inferSelect;
export type ImageRow = typeof imageTable.$inferSelect;
export type ReservationRow = typeof reservationTable.$inferSelect;
export type ReservationLineRow = typeof reservationLineTable.$inferSelect;
