/** The client against the gateway itself: what it keeps of what was agreed between them. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClient } from '../../client/index.ts';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { type AttackWorld, appId, startAttackWorld } from '../support/attack-world.ts';
import { askAdmin } from '../support/gateway-nodes.ts';
import { createWxDevice } from '../support/wx.ts';

const me = 'query Me { me { name } }';
const operation = { id: documentIdOf(me), name: 'Me', type: 'query' } as const;
const fifty = Array.from({ length: 50 });
const mine = { ok: true, data: { me: { name: 'Person o-anna' } } };

const gatewayClock = { aheadMs: 0 };
const phoneClock = { aheadMs: 0 };
let world: AttackWorld;
let device: ReturnType<typeof createWxDevice>;
let client: ReturnType<typeof createClient>;
let countsBefore: Record<string, number> = {};
let codesBefore = 0;

/** A launch of the mini-program; its storage stays. */
const launch = (wx = device.wx) =>
  createClient({
    ...{ wx, url: world.gateway.url, appId, clientName: 'test', clientVersion: '1.0.0' },
    now: () => Date.now() + phoneClock.aheadMs,
  });

beforeEach(async () => {
  gatewayClock.aheadMs = 0;
  phoneClock.aheadMs = 0;
  world = await startAttackWorld({
    dev: false,
    operations: { Me: me },
    now: () => Date.now() + gatewayClock.aheadMs,
  });
  device = createWxDevice({ appId, person: { simulatorUrl: world.wechatUrl, openid: 'o-anna' } });
  client = launch();
  countsBefore = await readCounts();
  codesBefore = world.wechatCalls('/sns/jscode2session');
});
afterEach(() => world.close());

async function readCounts(): Promise<Record<string, number>> {
  const text = await (await fetch(new URL('/metrics', world.gateway.adminUrl))).text();
  const counters = text.matchAll(/^minigate_(logins|refreshes)_total\{code="(\w+)"\} (\d+)/gm);
  return Object.fromEntries([...counters].map(([, name, code, count]) => [`${name} ${code}`, Number(count)]));
}

/** Logins and refreshes that the gateway has answered since the test began, by outcome. */
async function counts(): Promise<Record<string, number>> {
  const entries = Object.entries(await readCounts());
  const since = entries.map(([name, count]) => [name, count - (countsBefore[name] ?? 0)] as const);
  return Object.fromEntries(since.filter(([, count]) => count > 0));
}

const askFifty = () => Promise.all(fifty.map(() => client.request(operation)));

it('50 requests at launch cause one login', async () => {
  expect(await askFifty()).toEqual(fifty.map(() => mine));
  expect([device.calls.login, await counts()]).toEqual([1, { 'logins OK': 1 }]);
});

/** Sends the next request to this path as a network does that loses the answer. */
function losingOneAnswer(path: string): typeof device.wx {
  let isLost = false;
  return {
    ...device.wx,
    request(option) {
      if (isLost || !option.url.endsWith(path)) return device.wx.request(option);
      isLost = true;
      return device.wx.request({
        ...option,
        success: () => option.fail?.({ errMsg: 'request:fail interrupted', errno: 600_003 }),
      });
    },
  };
}

it('a login whose answer the network loses is answered anew: one code, one session', async () => {
  client = launch(losingOneAnswer('/auth/wechat/login'));

  expect(await client.request(operation)).toMatchObject({ ok: false, error: { kind: 'network' } });
  expect(await askFifty()).toEqual(fifty.map(() => mine));
  expect([device.calls.login, world.wechatCalls('/sns/jscode2session')]).toEqual([1, codesBefore + 1]);
});

it('a refresh whose answer the network loses is answered anew, without a login', async () => {
  await client.login();
  gatewayClock.aheadMs = 1_200_000;
  client = launch(losingOneAnswer('/auth/refresh'));

  expect(await client.request(operation)).toMatchObject({ ok: false, error: { kind: 'network' } });
  expect(await askFifty()).toEqual(fifty.map(() => mine));
  expect([device.calls.login, await counts()]).toEqual([1, { 'logins OK': 1, 'refreshes OK': 2 }]);
});

it.each([
  ['that the phone holds to be good', 0],
  ['that the phone knows to have expired', 1_200_000],
])('50 requests with an expired token %s cause one refresh and no wx.login', async (_, aheadMs) => {
  await client.login();
  gatewayClock.aheadMs = 1_200_000;
  phoneClock.aheadMs = aheadMs;

  expect(await askFifty()).toEqual(fifty.map(() => mine));
  expect([device.calls.login, await counts()]).toEqual([1, { 'logins OK': 1, 'refreshes OK': 1 }]);
});

it('a launch on the next day needs no wx.login', async () => {
  await client.login();
  gatewayClock.aheadMs = 86_400_000;
  phoneClock.aheadMs = 86_400_000;

  expect(await launch().request(operation)).toEqual(mine);
  expect([device.calls.login, await counts()]).toEqual([1, { 'logins OK': 1, 'refreshes OK': 1 }]);
});

it('a session that was ended elsewhere is replaced by one login', async () => {
  await client.login();
  const storageKey = `minigate:${world.gateway.url}:${appId}`;
  const { accessToken } = device.wx.getStorageSync(storageKey) as { accessToken: string };
  const headers = { authorization: `Bearer ${accessToken}` };
  await world.ask({ path: '/auth/logout-everywhere', body: {}, headers });

  expect(await askFifty()).toEqual(fifty.map(() => mine));
  expect(device.calls.login).toBe(2);
  expect(await counts()).toEqual({ 'logins OK': 2, 'refreshes UNAUTHENTICATED': 1 });
});

it('a person who is banned is told so, and not logged in over and over', async () => {
  await client.login();
  await askAdmin(world, 'POST', '/admin/bans', { userId: 'o-anna', reason: 'fraud' });

  expect(await client.request(operation)).toMatchObject({
    ok: false,
    error: { kind: 'refused', code: 'BANNED', retryable: false, userMessage: '账号已被限制使用' },
  });
  expect([device.calls.login, await counts()]).toEqual([1, { 'logins OK': 1 }]);
});

it('when WeChat allows no more logins, the client waits for the minute that the gateway names', async () => {
  await fetch(`${world.wechatUrl}/simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ errcode: 45011, times: 1 }),
  });
  const refused = { ok: false, error: { code: 'RATE_LIMITED', retryAfterSeconds: 60 } };

  expect(await askFifty()).toMatchObject(fifty.map(() => refused));
  phoneClock.aheadMs = 59_000;
  expect(await client.request(operation)).toMatchObject(refused);
  expect(device.calls.login).toBe(1);
  phoneClock.aheadMs = 61_000;
  expect(await client.request(operation)).toEqual(mine);
});
