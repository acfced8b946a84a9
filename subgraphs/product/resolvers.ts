/** Answers the fields of `schema.graphql`. */
import { asc } from 'drizzle-orm';
import { parseId } from '../shared/parse-id.ts';
import { requireAdmin, requireService } from '../shared/subgraph-error.ts';
import type { Resolvers } from './generated/resolver-types.ts';
import { listProducts, parseSearch } from './list-products.ts';
import { reserveStock } from './reserve-stock.ts';
import { setProductPrice } from './set-product-price.ts';
import { confirmReservation, releaseReservation } from './settle-reservation.ts';
import { categoryTable } from './tables.ts';

export const resolvers: Resolvers = {
  Query: {
    product: (_, { id }, { loaders }) => loaders.product.load(parseId(id)),
    products: (_, { categoryId, ...page }, { database }) =>
      listProducts(database, page, { categoryId: categoryId == null ? null : parseId(categoryId) }),
    searchProducts: (_, { text, ...page }, { database }) =>
      listProducts(database, page, { words: parseSearch(text) }),
    // Awaited: a drizzle query is sent again by each `then`, and the server's plugins call it too.
    categories: async (_, _arguments, { database }) =>
      await database.select().from(categoryTable).orderBy(asc(categoryTable.id)),
  },
  Mutation: {
    setProductPrice(_, { skuId, priceFen }, context) {
      requireAdmin(context.caller);
      return setProductPrice(context, parseId(skuId), priceFen);
    },
    reserveStock(_, request, { caller, database, now }) {
      requireService(caller);
      return reserveStock(database, request, now());
    },
    confirmReservation(_, { reservationId }, { caller, database, now }) {
      requireService(caller);
      return confirmReservation(database, parseId(reservationId), now());
    },
    releaseReservation(_, { reservationId }, { caller, database }) {
      requireService(caller);
      return releaseReservation(database, parseId(reservationId));
    },
  },
  Category: {
    __resolveReference: ({ id }, { loaders }) => loaders.category.load(parseId(id)),
    products: ({ id }, page, { loaders }) => loaders.productsOfCategory.load(id, page),
  },
  Product: {
    __resolveReference: ({ id }, { loaders }) => loaders.product.load(parseId(id)),
    category: ({ categoryId }, _, { loaders }) => required(loaders.category.load(categoryId)),
    images: ({ id }, _, { loaders }) => loaders.imagesOfProduct.load(id),
    skus: ({ id }, _, { loaders }) => loaders.skusOfProduct.load(id),
    priceFen: async ({ id }, _, { loaders }) =>
      Math.min(...(await loaders.skusOfProduct.load(id)).map((sku) => sku.priceFen)),
  },
  Sku: {
    __resolveReference: ({ id }, { loaders }) => loaders.sku.load(parseId(id)),
    product: ({ productId }, _, { loaders }) => required(loaders.product.load(productId)),
  },
};

/** A row that a foreign key vouches for. */
async function required<Row>(loading: Promise<Row | null>): Promise<Row> {
  const row = await loading;
  if (row === null) throw new Error('A row is gone that another row names.');
  return row;
}
