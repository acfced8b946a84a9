/** One SQL query per table and hop: what the rows of one request need of each other is read in batches. */
import type DataLoader from 'dataloader';
import { and, asc, desc, getTableColumns, inArray, lt, lte, sql } from 'drizzle-orm';
import { createListLoader, createRowLoader } from '../shared/batch.ts';
import type { RowRange } from '../shared/connection.ts';
import type { Database } from '../shared/database.ts';
import { createPageLoader, type PageLoader } from '../shared/page-loader.ts';
import {
  type CategoryRow,
  categoryTable,
  type ImageRow,
  imageTable,
  type ProductRow,
  productTable,
  type SkuRow,
  skuTable,
} from './tables.ts';

export interface ProductLoaders {
  readonly category: DataLoader<string, CategoryRow | null>;
  readonly product: DataLoader<string, ProductRow | null>;
  readonly sku: DataLoader<string, SkuRow | null>;
  /** In the order of their ids. */
  readonly skusOfProduct: DataLoader<string, readonly SkuRow[]>;
  readonly imagesOfProduct: DataLoader<string, readonly ImageRow[]>;
  /** The same page of several categories is one query. */
  readonly productsOfCategory: PageLoader<ProductRow>;
}

export function createProductLoaders(database: Database): ProductLoaders {
  return {
    category: createRowLoader(
      (ids) =>
        database
          .select()
          .from(categoryTable)
          .where(inArray(categoryTable.id, [...ids])),
      (row) => row.id,
    ),
    product: createRowLoader(
      (ids) =>
        database
          .select()
          .from(productTable)
          .where(inArray(productTable.id, [...ids])),
      (row) => row.id,
    ),
    sku: createRowLoader(
      (ids) =>
        database
          .select()
          .from(skuTable)
          .where(inArray(skuTable.id, [...ids])),
      (row) => row.id,
    ),
    skusOfProduct: createListLoader(
      (ids) =>
        database
          .select()
          .from(skuTable)
          .where(inArray(skuTable.productId, [...ids]))
          .orderBy(asc(skuTable.id)),
      (row) => row.productId,
    ),
    imagesOfProduct: createListLoader(
      (ids) =>
        database
          .select()
          .from(imageTable)
          .where(inArray(imageTable.productId, [...ids]))
          .orderBy(asc(imageTable.position)),
      (row) => row.productId,
    ),
    productsOfCategory: createPageLoader(
      (ids, range) => loadCategoryPages(database, ids, range),
      (row) => row.categoryId,
    ),
  };
}

function loadCategoryPages(
  database: Database,
  categoryIds: readonly string[],
  { count, beforeId }: RowRange,
): Promise<ProductRow[]> {
  const columns = getTableColumns(productTable);
  const ranked = database
    .select({
      ...columns,
      rank: sql<number>`row_number() over (partition by ${columns.categoryId} order by ${columns.id} desc)`.as(
        'rank',
      ),
    })
    .from(productTable)
    .where(
      and(
        inArray(productTable.categoryId, [...categoryIds]),
        beforeId === undefined ? undefined : lt(productTable.id, beforeId),
      ),
    )
    .as('ranked');
  const { id, categoryId, title, description } = ranked;
  return database
    .select({ id, categoryId, title, description })
    .from(ranked)
    .where(lte(ranked.rank, count))
    .orderBy(desc(id));
}
