import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const typings = resolve('node_modules/miniprogram-api-typings/index.d.ts');
const client = resolve('client/index.ts');
const operations = resolve('client/demo/generated/operations.ts');

/** The codes of the compiler's errors in a program of its own, since WeChat's typings and Node's declare the same names. */
async function errorsIn(source: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'minigate-types-'));
  const file = join(folder, 'program.ts');
  await writeFile(file, source);
  const flags = '--ignoreConfig --noEmit --strict --skipLibCheck --target es2017 --lib es2017';
  const modules = '--module esnext --moduleResolution bundler --allowImportingTsExtensions';
  try {
    await promisify(execFile)(resolve('node_modules/.bin/tsc'), [
      ...`${flags} ${modules} --verbatimModuleSyntax --erasableSyntaxOnly --types`.split(' '),
      // No ambient types at all, such as Node's.
      '',
      file,
    ]);
    return [];
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return stdout.match(/(?<=error )TS\d+/g) ?? [stdout];
  } finally {
    await rm(folder, { recursive: true });
  }
}

it("WeChat's own typings of wx are what the client takes", async () => {
  const program = (wx: string) => `
    /// <reference path="${typings}" />
    import { createClient, type WxRuntime } from '${client}';
    import { createApi } from '${operations}';
    export const runtime: WxRuntime = ${wx};
    createApi(createClient({ wx: ${wx}, url: 'https://a.b', appId: 'a', clientName: 'n', clientVersion: '1' }));
  `;
  expect(await errorsIn(program('wx'))).toEqual([]);
  expect(await errorsIn(program('{ ...wx, request: wx.downloadFile }'))).toEqual(['TS2322', 'TS2322']);
});

it('the client and the generated operations need no type but those of ES2017', async () => {
  const program = (more: string) => `
    import '${client}';
    import '${operations}';
    ${more}
  `;
  expect(await errorsIn(program(''))).toEqual([]);
  expect(await errorsIn(program('new TextEncoder();'))).toEqual(['TS2304']);
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
  expect(await errorsIn(source)).toEqual(codes);
});
