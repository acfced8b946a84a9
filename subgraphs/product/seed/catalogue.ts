/** The goods of the example shop, the same on every machine; `catalogue.tsv` lists them. */
import { readFileSync } from 'node:fs';
import type { CategoryRow, ImageRow, ProductRow, SkuRow } from '../tables.ts';
import { drawImage } from './draw-image.ts';

export interface Catalogue {
  readonly categories: readonly CategoryRow[];
  readonly products: readonly ProductRow[];
  readonly skus: readonly SkuRow[];
  readonly images: readonly ImageRow[];
}

/** Ids: categories `c-01`, products `p-0001`, SKUs `s-0001-1` (the first SKU of product `p-0001`). */
export function loadCatalogue(): Catalogue {
  const text = readFileSync(new URL('catalogue.tsv', import.meta.url), 'utf8');
  const lines = text.trimEnd().split('\n').map(parseLine);
  const categoryNames = [...new Set(lines.map((line) => line.category))];
  const categoryNumber = (name: string) => categoryNames.indexOf(name) + 1;
  const goods = lines.map((line, index) => ({ ...line, number: String(index + 1).padStart(4, '0'), index }));
  return {
    categories: categoryNames.map((name) => ({ id: categoryId(categoryNumber(name)), name })),
    products: goods.map(({ number, category, title, description }) => ({
      id: `p-${number}`,
      categoryId: categoryId(categoryNumber(category)),
      title,
      description,
    })),
    skus: goods.flatMap(({ number, index, skus }) =>
      skus.map((sku, i) => ({
        id: `s-${number}-${i + 1}`,
        productId: `p-${number}`,
        ...sku,
        stock: 20 + ((index * 37 + i * 11) % 180),
      })),
    ),
    images: goods.flatMap(({ number, index, category, title }) =>
      Array.from({ length: 1 + (index % 3) }, (_, position) => ({
        productId: `p-${number}`,
        position,
        url: drawImage(category, categoryNumber(category), position),
        alt: position === 0 ? title : `${title}（图${position + 1}）`,
      })),
    ),
  };
}

function categoryId(number: number): string {
  return `c-${String(number).padStart(2, '0')}`;
}

/** Columns: category, title, description, SKUs as `name|yuan|grams` with `;` between them. */
function parseLine(line: string) {
  const [category, title, description, skus] = line.split('\t');
  if (!category || !title || !description || !skus)
    throw new Error(`catalogue.tsv: four columns are due: ${line}`);
  return { category, title, description, skus: skus.split(';').map(parseSku) };
}

function parseSku(text: string) {
  const [name, yuan, grams] = text.split('|');
  if (!name || !yuan || !grams) throw new Error(`catalogue.tsv: a SKU is name|yuan|grams: ${text}`);
  return { name, priceFen: Math.round(Number(yuan) * 100), weightGrams: Number(grams) };
}
