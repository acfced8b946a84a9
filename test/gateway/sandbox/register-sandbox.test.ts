import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadSandboxBundle } from '../../../gateway/sandbox/sandbox-bundle.ts';
import { logins, startSandboxHost } from './sandbox-host.ts';

const contentSecurityPolicy =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
  "worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

let cacheFolder: string;
let host: Awaited<ReturnType<typeof startSandboxHost>>;
let firstVisit: { status: number; body: string };

beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'minigate-sandbox-'));
  host = await startSandboxHost({ cacheFolder, patienceMs: 0 });
  firstVisit = await visit(host.url);
  const ready = { status: 200, body: expect.stringContaining('src="/sandbox/assets/page.js"') };
  await vi.waitFor(async () => expect(await visit(host.url)).toEqual(ready), { timeout: 30_000 });
});

afterAll(async () => {
  await host.close();
  await rm(cacheFolder, { recursive: true });
});

async function visit(url: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`${url}/sandbox`);
  return { status: response.status, body: await response.text() };
}

/** The path as it is written: fetch would resolve its dots before sending. */
async function statusOf(path: string): Promise<string | undefined> {
  const socket = connect(Number(new URL(host.url).port), '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n\r\n`);
  return (await text(socket)).split('\r\n')[0];
}

test('the first visit is answered at once, by a page that reloads itself', () => {
  expect(firstVisit).toEqual({
    status: 200,
    body: expect.stringContaining('<meta http-equiv="refresh" content="1">'),
  });
});

test.each([
  ['/sandbox', 'text/html; charset=utf-8'],
  ['/sandbox/config.json', 'application/json; charset=utf-8'],
  ['/sandbox/assets/page.js', 'text/javascript; charset=utf-8'],
  ['/sandbox/assets/page.css', 'text/css; charset=utf-8'],
  ['/sandbox/assets/graphql.worker.js', 'text/javascript; charset=utf-8'],
  ['/sandbox/assets/icon.svg', 'image/svg+xml'],
])('%s allows nothing from elsewhere', async (path, contentType) => {
  const { status, headers } = await fetch(`${host.url}${path}`);

  expect({
    status,
    'content-type': headers.get('content-type'),
    'content-security-policy': headers.get('content-security-policy'),
    'x-content-type-options': headers.get('x-content-type-options'),
    'referrer-policy': headers.get('referrer-policy'),
    'cache-control': headers.get('cache-control'),
  }).toEqual({
    status: 200,
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  });
});

test('the configuration tells where to send operations and who may log in', async () => {
  const config = await (await fetch(`${host.url}/sandbox/config.json`)).json();

  expect(config).toEqual({ graphqlPath: '/graphql', loginPath: '/login', logins });
});

test('an asset that the browser has is not sent again', async () => {
  const url = `${host.url}/sandbox/assets/icon.svg`;
  const etag = (await fetch(url)).headers.get('etag') ?? '';

  const { status } = await fetch(url, { headers: { 'if-none-match': etag } });

  expect({ status, etag }).toEqual({ status: 304, etag: expect.stringMatching(/^"[0-9a-f]{20}"$/) });
});

test.each([
  '/sandbox/assets/../../package.json',
  '/sandbox/assets/%2e%2e/%2e%2e/package.json',
  '/sandbox/assets/..%2fregister-sandbox.ts',
  '/sandbox/assets//etc/passwd',
  '/sandbox/assets/',
  '/sandbox/assets/constructor',
  '/sandbox/page/page.ts',
])('%s is no part of the sandbox', async (path) => {
  expect(await statusOf(path)).toBe('HTTP/1.1 404 Not Found');
});

test('a bundle is built once, however many start together', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'minigate-bundle-'));
  try {
    const [first, second] = await Promise.all([loadSandboxBundle(folder), loadSandboxBundle(folder)]);
    const built = await readdir(folder);
    const later = await loadSandboxBundle(folder);

    expect(built).toEqual([first.etag.slice(1, -1)]);
    expect(second).toEqual(first);
    expect(later).toEqual(first);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a sandbox that cannot be built says so, and tries again at the next visit', async () => {
  const broken = await startSandboxHost({ cacheFolder: '/dev/null/cache', patienceMs: 10_000 });
  try {
    const failed = { status: 503, body: expect.stringContaining('cannot be prepared') };

    expect(await visit(broken.url)).toEqual(failed);
    expect(await visit(broken.url)).toEqual(failed);
  } finally {
    await broken.close();
  }
});
