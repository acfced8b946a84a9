/** Fills an empty shop. */
import type { Database } from '../../shared/database.ts';
import { seedOnce } from '../../shared/seed-once.ts';
import { categoryTable, imageTable, productTable, skuTable } from '../tables.ts';
import { loadCatalogue } from './catalogue.ts';

/** Does nothing when there are categories already. */
export function seedProducts(database: Database): Promise<void> {
  return seedOnce(database, categoryTable, async (transaction) => {
    const { categories, products, skus, images } = loadCatalogue();
    await transaction.insert(categoryTable).values([...categories]);
    await transaction.insert(productTable).values([...products]);
    await transaction.insert(skuTable).values([...skus]);
    await transaction.insert(imageTable).values([...images]);
  });
}
