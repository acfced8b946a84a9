/** What people read from the product subgraph, and what reading it costs the database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guest, user } from '../../support/subgraph-call.ts';
import { type ProductUnderTest, startProduct } from './start-product.ts';

let product: ProductUnderTest;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product.close());

const ask = (query: string, variables?: Record<string, unknown>) =>
  product.call({ caller: guest, query, ...(variables && { variables }) });

describe('one product', () => {
  test('is told whole, with its lowest price', async () => {
    const answer = await ask(`{
      product(id: "p-0005") {
        id title category { id name } priceFen images { alt }
        skus { id name priceFen weightGrams stock product { id } }
      }
    }`);

    const sku = (number: number, name: string, priceFen: number, weightGrams: number, stock: number) => ({
      id: `s-0005-${number}`,
      name,
      priceFen,
      weightGrams,
      stock,
      product: { id: 'p-0005' },
    });
    expect(answer).toEqual({
      data: {
        product: {
          id: 'p-0005',
          title: '新疆长绒棉四件套',
          category: { id: 'c-05', name: '家居' },
          priceFen: 35_900,
          images: [{ alt: '新疆长绒棉四件套' }, { alt: '新疆长绒棉四件套（图2）' }],
          skus: [
            sku(1, '1.5米床 雾蓝', 35_900, 2_400, 168),
            sku(2, '1.8米床 雾蓝', 39_900, 2_750, 179),
            sku(3, '1.8米床 燕麦', 39_900, 2_750, 190),
          ],
        },
      },
    });
  });

  test('that does not exist is null', async () => {
    expect(await ask('{ product(id: "p-9999") { id } }')).toEqual({ data: { product: null } });
  });

  test('needs no foreign host for its images', async () => {
    const { data } = await ask('{ products(first: 50) { nodes { images { url } } } }');
    const { nodes } = (data as { products: { nodes: { images: { url: string }[] }[] } }).products;
    const urls = nodes.flatMap((node) => node.images.map((image) => image.url));

    expect(urls.filter((url) => !url.startsWith('data:image/svg+xml;base64,'))).toEqual([]);
    expect(nodes.filter((node) => node.images.length === 0)).toEqual([]);
  });
});

describe('entities', () => {
  test('come in the order asked; those that do not exist are null', async () => {
    const answer = await ask(`{
      _entities(representations: [
        { __typename: "Sku", id: "s-0002-1" }, { __typename: "Product", id: "p-0001" },
        { __typename: "Sku", id: "s-9999-1" }, { __typename: "Category", id: "c-08" }
      ]) {
        ... on Sku { skuId: id name } ... on Product { productId: id title } ... on Category { categoryId: id label: name }
      }
    }`);

    expect(answer).toEqual({
      data: {
        _entities: [
          { skuId: 's-0002-1', name: '227克' },
          { productId: 'p-0001', title: '明前西湖龙井' },
          null,
          { categoryId: 'c-08', label: '洗护' },
        ],
      },
    });
  });
});

describe('statements', () => {
  test('a page of 50 products with all their parts is one per table and hop', async () => {
    const tables = await product.tablesRead(() =>
      ask(
        '{ products(first: 50) { nodes { priceFen category { name } images { url } skus { product { title } } } } }',
      ),
    );

    expect(tables.toSorted()).toEqual(['category', 'image', 'product', 'product', 'sku']);
  });

  test('a page in each of 8 categories is one for all', async () => {
    const tables = await product.tablesRead(() =>
      ask('{ categories { products(first: 6) { nodes { skus { stock } } } } }'),
    );

    expect(tables).toEqual(['category', 'product', 'sku']);
  });

  test('50 SKUs as entities are one', async () => {
    const representations = Array.from({ length: 50 }, (_, i) => ({
      __typename: 'Sku',
      id: `s-${String(i + 1).padStart(4, '0')}-1`,
    }));
    const tables = await product.tablesRead(() =>
      ask(
        'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Sku { priceFen } } }',
        { representations },
      ),
    );

    expect(tables).toEqual(['sku']);
  });
});

describe('setting a price', () => {
  const setPrice = (priceFen: number, caller = user('u-0002', ['USER', 'ADMIN']), skuId = 's-0010-1') =>
    product.call({
      caller,
      query: `mutation ($skuId: ID!, $priceFen: Int!) {
        setProductPrice(skuId: $skuId, priceFen: $priceFen) {
          __typename ... on Sku { id priceFen product { priceFen } } ... on UnknownSku { message skuId } ... on InvalidPrice { message }
        }
      }`,
      variables: { skuId, priceFen },
    });

  test('changes the SKU and the lowest price of its product', async () => {
    expect(await setPrice(100)).toEqual({
      data: {
        setProductPrice: { __typename: 'Sku', id: 's-0010-1', priceFen: 100, product: { priceFen: 100 } },
      },
    });
    expect(await ask('{ product(id: "p-0010") { priceFen } }')).toEqual({
      data: { product: { priceFen: 100 } },
    });
  });

  test('twice in one request shows each price in its own answer', async () => {
    const answer = await product.call({
      caller: user('u-0002', ['USER', 'ADMIN']),
      query: `mutation {
        first: setProductPrice(skuId: "s-0011-1", priceFen: 300) { ... on Sku { product { priceFen } } }
        second: setProductPrice(skuId: "s-0011-1", priceFen: 200) { ... on Sku { product { priceFen } } }
      }`,
    });

    expect(answer).toEqual({
      data: { first: { product: { priceFen: 300 } }, second: { product: { priceFen: 200 } } },
    });
  });

  test.each([0, -1, 10_000_001])('to %i fen is an answer, not an error', async (priceFen) => {
    expect(await setPrice(priceFen)).toEqual({
      data: {
        setProductPrice: { __typename: 'InvalidPrice', message: 'A price is from 1 to 10000000 fen.' },
      },
    });
  });

  test('of an unknown SKU is an answer, not an error', async () => {
    expect(await setPrice(100, undefined, 's-9999-1')).toEqual({
      data: {
        setProductPrice: { __typename: 'UnknownSku', message: 'There is no such SKU.', skuId: 's-9999-1' },
      },
    });
  });

  test('is for administrators', async () => {
    expect(await setPrice(1, guest)).toEqual({
      data: null,
      errors: [{ message: 'Log in first.', code: 'UNAUTHENTICATED' }],
    });
    expect(await setPrice(1, user('u-0003'))).toEqual({
      data: null,
      errors: [{ message: 'Only an administrator may do this.', code: 'FORBIDDEN' }],
    });
  });
});
