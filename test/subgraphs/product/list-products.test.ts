/** Lists of products: in pages, of a category, by a search. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../../subgraphs/product/seed/catalogue.ts';
import { guest } from '../../support/subgraph-call.ts';
import { type ProductUnderTest, startProduct } from './start-product.ts';

let product: ProductUnderTest;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.close());

const ask = (query: string, variables?: Record<string, unknown>) =>
  product.call({ caller: guest, query, ...(variables && { variables }) });

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

const pageFields = 'nodes { id } pageInfo { hasNextPage endCursor }';

/** Ids of every page, each asked for after the end of the one before. */
async function readPages(
  field: (after: string) => string,
  unwrap: (data: unknown) => Page,
): Promise<string[][]> {
  const pages: string[][] = [];
  for (let after: string | null = null; ; ) {
    const page: Page = unwrap((await ask(`{ ${field(`after: ${JSON.stringify(after)}`)} }`)).data);
    pages.push(page.nodes.map((node) => node.id));
    if (!page.pageInfo.hasNextPage) return pages;
    after = page.pageInfo.endCursor;
  }
}

const descendingIds = (count: number) =>
  Array.from({ length: count }, (_, i) => `p-${String(count - i).padStart(4, '0')}`);

describe('pages', () => {
  test('of 50 walk through all 200 products, newest first, each once', async () => {
    const pages = await readPages(
      (after) => `products(first: 50, ${after}) { ${pageFields} }`,
      (data) => (data as { products: Page }).products,
    );

    expect(pages.map((page) => page.length)).toEqual([50, 50, 50, 50]);
    expect(pages.flat()).toEqual(descendingIds(200));
  });

  test('of one category hold its products alone', async () => {
    const [pages, nested] = await Promise.all([
      readPages(
        (after) => `products(first: 20, categoryId: "c-02", ${after}) { ${pageFields} }`,
        (data) => (data as { products: Page }).products,
      ),
      readPages(
        (after) =>
          `_entities(representations: [{ __typename: "Category", id: "c-02" }]) {
            ... on Category { products(first: 20, ${after}) { ${pageFields} } }
          }`,
        (data) => (data as { _entities: [{ products: Page }] })._entities[0].products,
      ),
    ]);

    expect(pages.flat()).toEqual(descendingIds(200).filter((id) => Number(id.slice(2)) % 8 === 2));
    expect(pages.map((page) => page.length)).toEqual([20, 5]);
    expect(nested).toEqual(pages);
  });

  test('of a category that does not exist are empty', async () => {
    expect(await ask(`{ products(categoryId: "c-99") { ${pageFields} } }`)).toEqual({
      data: { products: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } },
    });
  });

  test.each([
    ['products(first: 0)', '"first" must be from 1 to 50.'],
    ['products(first: 51)', '"first" must be from 1 to 50.'],
    ['products(first: -1)', '"first" must be from 1 to 50.'],
    ['products(after: "p-0001")', '"after" is not a cursor of this list.'],
    ['products(after: "")', '"after" is not a cursor of this list.'],
  ])('%s is refused', async (field, message) => {
    expect(await ask(`{ ${field} { nodes { id } } }`)).toEqual({
      data: null,
      errors: [{ message, code: 'BAD_USER_INPUT' }],
    });
  });
});

describe('search', () => {
  const titles = async (text: string) => {
    const { data, errors } = await ask(
      'query ($text: String!) { searchProducts(text: $text, first: 50) { nodes { title } } }',
      { text },
    );
    return (
      errors ??
      (data as { searchProducts: { nodes: { title: string }[] } }).searchProducts.nodes.map(
        (node) => node.title,
      )
    );
  };

  test('finds what holds every word, in the title or in the description', async () => {
    expect(await titles('普洱')).toEqual(['陈皮普洱小青柑', '勐海熟普洱小方片']);
    expect(await titles('普洱 八年')).toEqual(['勐海熟普洱小方片']);
    expect(await titles('　八年　普洱 ')).toEqual(['勐海熟普洱小方片']);
  });

  test('does not tell capital letters from small ones', async () => {
    expect(await titles('spf50')).toEqual(['防晒霜 SPF50']);
  });

  test.each(['100%', '_', '\\', "'", '%'])('takes %s as the text that it is', async (text) => {
    const holding = loadCatalogue().products.filter((row) =>
      `${row.title}\n${row.description}`.includes(text),
    );

    expect(await titles(text)).toEqual(holding.map((row) => row.title).reverse());
  });

  test.each(['', '   ', 'a'.repeat(101), 'a b c d e f g h i'])('of %j is refused', async (text) => {
    expect(await titles(text)).toEqual([
      { message: '"text" must be of 1 to 8 words and at most 100 characters.', code: 'BAD_USER_INPUT' },
    ]);
  });
});
