/** Changes what one SKU costs from now on. */
import { eq } from 'drizzle-orm';
import type { ProductContext } from './context.ts';
import type { ResolversTypes } from './generated/resolver-types.ts';
import { skuTable } from './tables.ts';

/** 100,000 yuan. */
const maxPriceFen = 10_000_000;

export async function setProductPrice(
  { database, loaders }: ProductContext,
  skuId: string,
  priceFen: number,
): Promise<Awaited<ResolversTypes['SetProductPriceResult']>> {
  if (priceFen < 1 || priceFen > maxPriceFen) {
    return { __typename: 'InvalidPrice', message: `A price is from 1 to ${maxPriceFen} fen.` };
  }
  const [sku] = await database.update(skuTable).set({ priceFen }).where(eq(skuTable.id, skuId)).returning();
  if (!sku) return { __typename: 'UnknownSku', message: 'There is no such SKU.', skuId };
  loaders.sku.clear(skuId);
  loaders.skusOfProduct.clear(sku.productId);
  return { __typename: 'Sku', ...sku };
}
