/** Fills an empty shop. */
import { sql } from 'drizzle-orm';
import type { Database } from '../../shared/database.ts';
import { categoryTable, imageTable, productTable, skuTable } from '../tables.ts';
import { loadCatalogue } from './catalogue.ts';

/** Does nothing when there are categories already; of several programs that start at once, one fills the shop. */
export async function seedProducts(database: Database): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`lock table ${categoryTable} in share row exclusive mode`);
    const present = await transaction.select({ id: categoryTable.id }).from(categoryTable).limit(1);
    if (present.length > 0) return;
    const { categories, products, skus, images } = loadCatalogue();
    await transaction.insert(categoryTable).values([...categories]);
    await transaction.insert(productTable).values([...products]);
    await transaction.insert(skuTable).values([...skus]);
    await transaction.insert(imageTable).values([...images]);
  });
}
