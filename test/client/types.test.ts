import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { typeErrors } from './type-errors.ts';

const typings = resolve('node_modules/miniprogram-api-typings/index.d.ts');
const client = resolve('client/index.ts');
const operations = resolve('client/demo/generated/operations.ts');

it("WeChat's own typings of wx are what the client takes", async () => {
  const program = (wx: string) => `
    /// <reference path="${typings}" />
    import { createClient, type WxRuntime } from '${client}';
    import { createApi } from '${operations}';
    export const runtime: WxRuntime = ${wx};
    createApi(createClient({ wx: ${wx}, url: 'https://a.b', appId: 'a', clientName: 'n', clientVersion: '1' }));
  `;
  expect(await typeErrors(program('wx'))).toEqual([]);
  expect(await typeErrors(program('{ ...wx, request: wx.downloadFile }'))).toEqual(['TS2322', 'TS2322']);
});

it('the client and the generated operations need no type but those of ES2017', async () => {
  const program = (more: string) => `
    import '${client}';
    import '${operations}';
    ${more}
  `;
  expect(await typeErrors(program(''))).toEqual([]);
  expect(await typeErrors(program('new TextEncoder();'))).toEqual(['TS2304']);
});

it.each([
  [
    [],
    `const result = await api.createOrder({ input: { lines: [{ skuId: 's', quantity: 1 }] } });
     if (!result.ok) return [result.error.kind === 'network', result.error.userMessage, result.data];
     const { createOrder } = result.data;
     return createOrder.__typename === 'Order' ? createOrder.totalFen : createOrder.message;`,
  ],
  [[], 'return (await api.me()).data;'],
  [['TS2554'], 'return api.productPage();'],
  [['TS2322'], 'return api.productPage({ id: true });'],
  [['TS2532'], 'return (await api.me()).data.me;'],
  [['TS2339'], 'return (await api.me()).error;'],
  [['TS2367'], "const result = await api.me(); return result.ok || result.error.kind === 'oops';"],
])('the compiler says %j to: %s', async (codes, use) => {
  const source = `
    import type { Api } from '${operations}';
    export async function use(api: Api): Promise<unknown> { ${use} }
  `;
  expect(await typeErrors(source)).toEqual(codes);
});
