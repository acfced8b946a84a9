/** The goods that an empty shop is filled with. */
import { expect, test } from 'vitest';
import { loadCatalogue } from '../../../subgraphs/product/seed/catalogue.ts';

const { categories, products, skus, images } = loadCatalogue();

test('it has 200 products, each with a title of its own, in 8 categories', () => {
  expect(categories.map((category) => category.name)).toEqual([
    '茶叶',
    '咖啡',
    '零食',
    '厨房',
    '家居',
    '文具',
    '服饰',
    '洗护',
  ]);
  expect(new Set(products.map((product) => product.title)).size).toBe(200);
  expect([...Map.groupBy(products, (product) => product.categoryId).values()].map((of) => of.length)).toEqual(
    [25, 25, 25, 25, 25, 25, 25, 25],
  );
});

test('each product has 1 to 4 SKUs and 1 to 3 images', () => {
  const perProduct = (rows: readonly { productId: string }[]) =>
    [...new Set([...Map.groupBy(rows, (row) => row.productId).values()].map((of) => of.length))].toSorted();

  expect([new Set(skus.map((sku) => sku.productId)).size, perProduct(skus)]).toEqual([200, [1, 2, 3, 4]]);
  expect([new Set(images.map((image) => image.productId)).size, perProduct(images)]).toEqual([
    200,
    [1, 2, 3],
  ]);
});

test('it is the same every time', () => {
  expect(loadCatalogue()).toEqual({ categories, products, skus, images });
});
