import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  CancelOrderMutation,
  CreateOrderMutation,
  HomePageQuery,
  MyOrdersQuery,
  ProductPageQuery,
} from '../../client/demo/generated/operations.ts';
import { type Page, startDemo, tapOn } from './demo-phone.ts';
import { type ReceivedRequest, sendJson } from './small-gateway.ts';

const root = 'client/demo';
const app = JSON.parse(readFileSync(`${root}/app.json`, 'utf8')) as { pages: string[] };

describe.each(app.pages)('%s', (path) => {
  it('has its four files, and every handler that its WXML names', () => {
    const [script, markup] = ['js', 'wxml', 'wxss', 'json'].map((ending) =>
      readFileSync(`${root}/${path}.${ending}`, 'utf8'),
    ) as [string, string, string, string];
    const handlers = [...markup.matchAll(/\bbind\w+="(\w+)"/g)].map(([, name]) => name ?? '');

    expect(handlers.length).toBeGreaterThan(0);
    expect(handlers.filter((name) => !new RegExp(`^  (async )?${name}\\(`, 'm').test(script))).toEqual([]);
  });

  it('links only to pages that there are', () => {
    const text = ['js', 'wxml'].map((ending) => readFileSync(`${root}/${path}.${ending}`, 'utf8')).join('');
    const targets = [...text.matchAll(/\/(pages\/\w+\/\w+)/g)].map(([, target]) => target ?? '');
    expect(targets.filter((target) => !app.pages.includes(target))).toEqual([]);
  });
});

it('opens with a tourist app id, any host, and no npm build; operations stay out of the package', () => {
  const project = JSON.parse(readFileSync(`${root}/project.config.json`, 'utf8'));
  expect(project).toMatchObject({
    appid: 'touristappid',
    miniprogramRoot: '',
    setting: { urlCheck: false, es6: false },
  });
  const ignored = project.packOptions.ignore.map(({ value }: { value: string }) => value);
  expect(ignored).toEqual(['operations', '.graphql', '.ts', '.md', 'generated/manifest.json']);
  expect(existsSync(`${root}/generated/minigate.js`)).toBe(true);
});

describe('on a phone', () => {
  let demo: Awaited<ReturnType<typeof startDemo>>;
  beforeEach(async () => {
    demo = await startDemo();
  });
  afterEach(() => demo.close());

  const operations = () => demo.gateway.received.filter(({ path }) => path === '/graphql');
  const answerWith = (toData: (request: ReceivedRequest) => object) => {
    demo.gateway.answer = (request, response) => sendJson(response, 200, { data: toData(request) });
  };
  const until = (page: Page, state: string) => vi.waitUntil(() => page.data.state === state);

  const products = (from: number, hasNextPage: boolean): HomePageQuery['products'] => ({
    nodes: [{ id: `p${from}`, title: `茶 ${from}`, priceFen: 1250, images: [] }],
    pageInfo: { hasNextPage, endCursor: `after p${from}` },
  });

  it('the home page lists products, and more of them at its end', async () => {
    answerWith(({ body }) => {
      const { after } = body.variables as { after: string | null };
      const first: HomePageQuery = { shop: { open: false }, categories: [], products: products(1, true) };
      return after ? { products: products(2, false) } : first;
    });
    const page = await demo.open('pages/home/home');
    await until(page, 'ready');
    page.onReachBottom?.();
    await vi.waitUntil(() => page.data.hasNextPage === false);

    expect(page.data).toMatchObject({
      isShopClosed: true,
      isLoadingMore: false,
      products: [1, 2].map((n) => ({
        id: `p${n}`,
        title: `茶 ${n}`,
        image: '',
        letter: '茶',
        price: '12.50',
      })),
    });
    expect(operations().map(({ body }) => body.variables)).toEqual([
      { first: 10, after: null, categoryId: null, isFirstPage: true },
      { first: 10, after: 'after p1', categoryId: null, isFirstPage: false },
    ]);
  });

  it('a search replaces the list, and says when nothing is found', async () => {
    answerWith(({ body }) =>
      body.operationName === 'HomePage'
        ? { products: products(1, true) }
        : { searchProducts: { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } } },
    );
    const page = await demo.open('pages/home/home');
    page.search?.({ detail: { value: ' 红茶 ' } });
    await until(page, 'empty');

    expect(page.data).toMatchObject({ searchText: '红茶', products: [] });
    expect(operations().at(-1)?.body.variables).toEqual({ text: '红茶', first: 10, after: null });
  });

  it('a page that cannot be loaded says why in Chinese, and loads when asked again', async () => {
    demo.gateway.answer = (_request, response) => void response.destroy();
    const page = await demo.open('pages/home/home');
    await until(page, 'failed');
    expect(page.data.failure).toBe('网络不给力，请检查网络后重试');

    answerWith(() => ({ products: products(1, false) }));
    page.reload?.();
    await until(page, 'ready');
  });

  const sku = (id: string, stock: number) => ({
    id,
    name: id,
    priceFen: 9900,
    stock,
    shippingEstimateFen: 0,
  });
  const product: ProductPageQuery = {
    product: {
      id: 'p1',
      title: '茶',
      description: '香',
      category: { name: '茶叶' },
      images: [],
      skus: [sku('sold out', 0), sku('small', 2)],
    },
  };

  it('a purchase that may have happened is repeated with the same key', async () => {
    const outcome: CreateOrderMutation['createOrder'] = {
      __typename: 'Order',
      id: 'o1',
      status: 'CREATED',
      totalFen: 19800,
    };
    answerWith(() => product);
    const page = await demo.open('pages/product/product', { id: 'p1' });
    await until(page, 'ready');
    page.changeQuantity?.(tapOn({ by: '1' }));
    page.changeQuantity?.(tapOn({ by: '1' }));
    expect(page.data).toMatchObject({ skuId: 'small', quantity: 2, total: '198.00' });

    demo.gateway.answer = (_request, response) => void response.destroy();
    await page.buy?.();
    answerWith(() => ({ createOrder: outcome }));
    await page.buy?.();

    const orders = operations().slice(1);
    const [key] = orders.map(({ headers }) => headers['idempotency-key']);
    expect(orders.map(({ headers, body }) => [headers['idempotency-key'], body.variables])).toEqual([
      [key, { input: { lines: [{ skuId: 'small', quantity: 2 }] } }],
      [key, { input: { lines: [{ skuId: 'small', quantity: 2 }] } }],
    ]);
    expect(demo.seen).toEqual([
      { title: '下单没有成功', content: '网络不给力，请检查网络后重试', showCancel: false },
      { title: '下单成功' },
      { url: '/pages/orders/orders' },
    ]);
  });

  it('what is out of stock is said in Chinese', async () => {
    const outcome: CreateOrderMutation['createOrder'] = {
      __typename: 'OutOfStock',
      message: 'Only 1 left.',
      available: 1,
    };
    answerWith(({ body }) => (body.operationName === 'CreateOrder' ? { createOrder: outcome } : product));
    const page = await demo.open('pages/product/product', { id: 'p1' });
    await until(page, 'ready');
    await page.buy?.();

    expect(demo.seen).toEqual([
      { title: '暂时买不了', content: '库存不足，最多可买 1 件', showCancel: false },
    ]);
  });

  it('an order that is cancelled shows so', async () => {
    const orders: MyOrdersQuery = {
      me: {
        id: 'u1',
        orders: {
          nodes: [
            {
              id: 'o1',
              status: 'PAID',
              totalFen: 19800,
              createdAt: '2026-01-02T03:04:05.000Z',
              lines: [{ title: '茶', quantity: 2, lineTotalFen: 19800 }],
            },
          ],
          pageInfo: { hasNextPage: false, endCursor: null },
        },
      },
    };
    const cancelled: CancelOrderMutation = {
      cancelOrder: { __typename: 'Order', id: 'o1', status: 'CANCELLED' },
    };
    answerWith(({ body }) => (body.operationName === 'CancelOrder' ? cancelled : orders));
    const page = await demo.open('pages/orders/orders');
    await until(page, 'ready');
    expect(page.data.orders).toMatchObject([
      { statusText: '待发货', isCancellable: true, total: '198.00', pieces: 2 },
    ]);
    await page.cancel?.(tapOn({ id: 'o1' }));

    expect(page.data.orders).toMatchObject([{ id: 'o1', statusText: '已取消', isCancellable: false }]);
    expect(demo.seen.at(-1)).toEqual({ title: '已取消' });
  });
});
