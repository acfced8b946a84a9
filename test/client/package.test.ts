/** What npm delivers works where it is installed: unpacked, required, and type-checked. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPackage } from '../../client/build-package.ts';
import { typeErrors } from './type-errors.ts';

const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minigate-package-'));
  const source = join(folder, 'source');
  const installed = join(folder, 'node_modules/@minigate/client');
  await mkdir(source);
  await mkdir(installed, { recursive: true });
  await copyFile('client/package.json', join(source, 'package.json'));
  await buildPackage(join(source, 'miniprogram_dist'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: source });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  await run('tar', ['-xzf', join(folder, packed?.filename ?? ''), '-C', installed, '--strip-components=1']);
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

it.each(['@minigate/client', '@minigate/client/signing'])(
  'Node requires the packed %s, and a call without a network says so',
  async (name) => {
    const program = `
    const { createClient } = require('${name}');
    const wx = {
      request: ({ fail }) => fail({ errMsg: 'request:fail' }),
      login: ({ fail }) => fail({ errMsg: 'login:fail' }),
      getStorageSync: () => '',
      setStorageSync() {},
      removeStorageSync() {},
    };
    const client = createClient({ wx, url: 'https://a.b', appId: 'a', clientName: 'n', clientVersion: '1' });
    client.request({ id: 'sha256:0', name: 'Q', type: 'query' }).then((result) => {
      console.log(JSON.stringify({ ok: result.ok, kind: result.error.kind }));
    });
  `;

    const { stdout } = await run(process.execPath, ['-e', program], { cwd: folder });

    expect(JSON.parse(stdout)).toEqual({ ok: false, kind: 'network' });
  },
);

it.each([
  ['@minigate/client', 'const client: Client = createClient(options);', []],
  ['@minigate/client', 'const client: number = createClient(options);', ['TS2322']],
  ['@minigate/client/signing', 'const client: Client = createClient(options);', []],
  ['@minigate/client/signing', 'const client: number = createClient(options);', ['TS2322']],
])('the compiler reads the packed types of %s: %s', async (name, line, codes) => {
  const source = `
    import { type Client, type ClientOptions, createClient } from '${name}';
    declare const options: ClientOptions;
    ${line}
    export { client };
  `;
  expect(await typeErrors(source, folder)).toEqual(codes);
});
