/** What npm delivers of the verifier works where it is installed, and its README is true. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPackage } from '../../../subgraphs/verify/build-package.ts';
import { type Caller, signRequest, verifyRequest } from '../../../subgraphs/verify/index.ts';

const readme = readFileSync('subgraphs/verify/README.md', 'utf8');
const block = (language: string): string =>
  new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``, 'm').exec(readme)?.[1] ?? '';
const key = 'a key of thirty-two characters, ok';
const now = 1_767_225_600_000;
const shopper: Caller = { kind: 'user', userId: 'u-0003', roles: ['USER'], scopes: ['order:create'] };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'minigate-verify-'));
  const source = join(folder, 'source');
  const installed = join(folder, 'node_modules/@minigate/verify');
  mkdirSync(installed, { recursive: true });
  buildPackage(join(source, 'dist'));
  for (const name of ['package.json', 'README.md', 'LICENSE'])
    copyFileSync(`subgraphs/verify/${name}`, join(source, name));
  const packed = run('npm', ['pack', '--json', '--pack-destination', folder], source);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  run('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const example = {
  url: new URL('http://127.0.0.1:4101/graphql'),
  ...{ audience: 'user', caller: shopper, body: '{"query":"{ me { id } }"}', key, now },
  ...{ idempotencyKey: 'order-1', nonce: '5b0d1c0e-1f6e-4c4f-9a43-3f1f2f0b7c55' },
};

test('the packed verifier takes what is signed and refuses what is changed or sent again', () => {
  writeFileSync(join(folder, 'read-caller.mjs'), block('js').replace("'order'", "'user'"));
  const program = `
    import { signRequest } from '@minigate/verify';
    import { readCaller } from './read-caller.mjs';
    const body = '{"query":"{ me { id } }"}';
    const url = new URL('http://subgraph/graphql?a=1');
    const caller = { kind: 'service', name: 'order' };
    const headers = signRequest({ url, audience: 'user', caller, body, key: process.env.INTERNAL_KEY, now: Date.now() });
    const request = { method: 'POST', url: '/graphql?a=1', headers };
    const attempt = (text) => {
      try { return readCaller(request, text).kind; } catch (error) { return error.name + ': ' + error.message; }
    };
    console.log(JSON.stringify([attempt(body + ' '), attempt(body), attempt(body)]));
  `;
  writeFileSync(join(folder, 'program.mjs'), program);
  expect(JSON.parse(run(process.execPath, ['program.mjs'], folder, { INTERNAL_KEY: key }))).toEqual([
    'UnsignedRequestError: the signature does not match',
    'service',
    'UnsignedRequestError: the request was sent before',
  ]);
});

test('the compiler reads the packed types', () => {
  const source = (type: string): string => `
    import { verifyRequest, type ReceivedRequest, type VerifyOptions } from '@minigate/verify';
    declare const request: ReceivedRequest, options: VerifyOptions;
    export const kind: ${type} = verifyRequest(request, options).kind;
  `;
  const compile = (type: string): string => {
    writeFileSync(join(folder, 'program.mts'), source(type));
    const flags = '--ignoreConfig --noEmit --strict --target es2022 --module nodenext program.mts';
    try {
      return run(resolve('node_modules/.bin/tsc'), ['--types', '', ...flags.split(' ')], folder);
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  };
  expect(compile("'guest' | 'user' | 'service'")).toBe('');
  expect(compile('number')).toContain('TS2322');
});

test('the example of the README is what the gateway sends and a subgraph takes', () => {
  const [head = '', body = ''] = block('http').split('\n\n');
  const [, ...lines] = head.split('\n');
  const headers: Record<string, string> = Object.fromEntries(lines.map((line) => line.split(': ')));
  expect(headers).toEqual(signRequest(example));
  const request = { method: 'POST', path: '/graphql', headers, body };
  expect(verifyRequest(request, { audience: 'user', key, now })).toEqual(shopper);
  const signed = block('text').split('\n');
  expect(signed).toHaveLength(9);
  expect(signed.slice(3, 8)).toEqual(
    ['audience', 'timestamp', 'nonce', 'principal']
      .map((name) => headers[`minigate-${name}`])
      .concat('order-1'),
  );
});

test.skipIf(!hasPython())('the Python program of the README reads who asks, and no other request', () => {
  const program = block('python');
  expect(JSON.parse(run('python3', ['-c', program]))).toEqual(shopper);
  expect(() => run('python3', ['-c', program.replace('{ me { id } }"}\'', '{ me { id } }"} \'')])).toThrow(
    'the signature does not match',
  );
});

function run(program: string, args: string[], cwd = '.', env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(program, args, {
    ...{ cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...process.env, ...env },
  }).trim();
}

function hasPython(): boolean {
  try {
    return run('python3', ['--version']) !== '';
  } catch {
    return false;
  }
}
