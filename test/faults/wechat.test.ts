/** Faults of WeChat, and servers that pretend to be it: logins fail in time and in secret, everything else goes on. */
import type { RequestListener } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type AttackWorld, appId, type Send, startAttackWorld } from '../support/attack-world.ts';
import { type FakeWechat, startFakeWechat } from '../support/fake-wechat.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.close();
});

const secret = 'a-secret-that-only-wechat-may-see';
const code = 'a-code-that-only-wechat-may-see';
const login: Send = { path: '/auth/wechat/login', body: { appId, code } };
const session = JSON.stringify({ openid: 'o-evil', session_key: 'a-session-key-of-16' });

async function startFake(answer: RequestListener, options?: { tls: boolean }): Promise<FakeWechat> {
  const fake = await startFakeWechat(answer, options);
  running.push(fake);
  return fake;
}

async function startWorld(baseUrl: string): Promise<AttackWorld> {
  const world = await startAttackWorld({
    dev: true,
    config: { wechat: { baseUrl, apps: { [appId]: secret } } },
  });
  running.push(world);
  return world;
}

/** Expects a refusal that says nothing of WeChat, and a log that holds neither the secret nor the code. */
async function expectUnavailable(world: AttackWorld): Promise<void> {
  const { status, json, text } = await world.ask(login);
  expect({ status, code: json?.errors?.[0]?.extensions?.code }).toEqual({
    status: 503,
    code: 'LOGIN_UNAVAILABLE',
  });
  const log = JSON.stringify(world.gateway.log());
  for (const confidential of [secret, code, 'a-session-key']) {
    expect(text).not.toContain(confidential);
    expect(log).not.toContain(confidential);
  }
  expect(world.fetches()).toBe(0);
}

test('B-55 WeChat is given up after 2 s, holds at most 50 at once, and delays no query', async () => {
  const slow = await startFake(() => {});
  const world = await startWorld(slow.url);
  await world.askCanary();
  const startedAt = performance.now();

  const logins = Array.from({ length: 80 }, (_, index) =>
    world.ask({ ...login, body: { appId, code: `${code}-${index}` } }),
  );
  const queriesMs = [];
  for (let round = 0; round < 20; round += 1) {
    const sentAt = performance.now();
    expect((await world.askCanary()).status).toBe(200);
    queriesMs.push(performance.now() - sentAt);
  }
  const statuses = (await Promise.all(logins)).map(({ status }) => status);

  expect(new Set(statuses)).toEqual(new Set([503]));
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(slow.mostAtOnce()).toBe(50);
  expect(Math.min(...queriesMs)).toBeLessThan(50);
});

test.each([
  ['closes the connection', ((request) => request.socket.destroy()) satisfies RequestListener],
  ['answers HTML', ((_, response) => void response.end('<html>')) satisfies RequestListener],
  ['answers nothing', ((_, response) => void response.end()) satisfies RequestListener],
  ['answers a list', ((_, response) => void response.end('[]')) satisfies RequestListener],
  [
    'answers without an openid',
    ((_, response) => void response.end('{"errcode":0}')) satisfies RequestListener,
  ],
  [
    'answers an openid that is a number',
    ((_, response) => void response.end('{"openid":1,"session_key":"k"}')) satisfies RequestListener,
  ],
  [
    'answers a megabyte',
    ((_, response) => void response.end(`{"openid":"${'o'.repeat(1_048_576)}"}`)) satisfies RequestListener,
  ],
])('W-10 WeChat %s: no address, secret or code is in the answer or the log', async (_what, answer) => {
  await expectUnavailable(await startWorld((await startFake(answer)).url));
});

test('W-12 a busy WeChat is asked at most three times', async () => {
  const busy = await startFake((_, response) => void response.end('{"errcode":-1,"errmsg":"system error"}'));
  await expectUnavailable(await startWorld(busy.url));
  expect(busy.requests()).toBeLessThanOrEqual(3);
});

test('W-13 a redirect is not followed, and who it leads to logs nobody in', async () => {
  const evil = await startFake((_, response) => void response.end(session));
  const redirecting = await startFake(
    (_, response) => void response.writeHead(302, { location: evil.url }).end(),
  );
  await expectUnavailable(await startWorld(redirecting.url));
  expect(evil.requests()).toBe(0);
});

test('W-13 a certificate that nobody trusts is not accepted', async () => {
  const evil = await startFake((_, response) => void response.end(session), { tls: true });
  await expectUnavailable(await startWorld(evil.url));
  expect(evil.requests()).toBe(0);
});

test('W-13 a proxy that the environment names is not used', async () => {
  const proxy = await startFake((_, response) => void response.end(session));
  const honest = await startFake((_, response) => void response.end('{"errcode":-1}'));
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
  for (const name of names) process.env[name] = proxy.url;
  try {
    await expectUnavailable(await startWorld(honest.url));
  } finally {
    for (const name of names) delete process.env[name];
  }
  expect({ proxy: proxy.requests(), honest: honest.requests() > 0 }).toEqual({ proxy: 0, honest: true });
});
