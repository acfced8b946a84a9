/** The simulator's server APIs: as WeChat has them, and with the faults that can be asked for. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWechatSimulator, type WechatSimulator } from '../../wechat-simulator/simulator.ts';
import { askDevice } from '../support/wechat-device.ts';

const appId = 'wx00000000000000a1';
const openid = 'o-anna';
const clock = { now: 1_800_000_000_000 };
let simulator: WechatSimulator;

beforeAll(async () => {
  simulator = await createWechatSimulator({
    host: '127.0.0.1',
    port: 0,
    apps: { [appId]: 'secret-a', wx2: 'secret-b' },
    now: () => clock.now,
  });
});
afterAll(() => simulator.close());

const device = <T>(what: string, body: object): Promise<T> => askDevice<T>(simulator.url, what, body);
const fault = (given: object): Promise<unknown> => device('faults', given);

interface WechatAnswer {
  readonly errcode?: number;
  readonly access_token?: string;
  readonly expires_in?: number;
  readonly session_key?: string;
  readonly key_info_list?: { version: number; expire_in: number }[];
  readonly phone_info?: { phoneNumber: string };
}

async function call(path: string, query: Record<string, string> = {}, body?: object): Promise<WechatAnswer> {
  const response = await fetch(`${simulator.url}${path}?${new URLSearchParams(query)}`, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain']);
  return (await response.json()) as WechatAnswer;
}

const tokenOf = (change: object = {}): Promise<WechatAnswer> =>
  call(
    '/cgi-bin/stable_token',
    {},
    { grant_type: 'client_credential', appid: appId, secret: 'secret-a', ...change },
  );
const newToken = async (): Promise<string> => `${(await tokenOf()).access_token}`;
const holds = async (token: string): Promise<number | undefined> =>
  (await call('/wxa/checksession', { access_token: token })).errcode;
/** The token was taken, and the rest of the call found wanting. */
const tokenTaken = 87008;

async function logIn(): Promise<string> {
  const { code } = await device<{ code: string }>('code', { appId, openid });
  const query = { appid: appId, secret: 'secret-a', js_code: code, grant_type: 'authorization_code' };
  return `${(await call('/sns/jscode2session', query)).session_key}`;
}

async function proof(sessionKey: string): Promise<Record<string, string>> {
  const signature = createHmac('sha256', sessionKey).update('').digest('hex');
  return { access_token: await newToken(), openid, signature, sig_method: 'hmac_sha256' };
}

describe('stable_token', () => {
  test('is the same until its last five minutes, in which both tokens hold', async () => {
    const first = await tokenOf();
    expect(first.expires_in).toBe(7_200);
    clock.now += 6_899_000;
    expect(await tokenOf()).toEqual({ access_token: first.access_token, expires_in: 301 });

    clock.now += 1_000;
    const second = await tokenOf();
    expect(second.access_token).not.toBe(first.access_token);
    expect([await holds(`${first.access_token}`), await holds(`${second.access_token}`)]).toEqual([
      tokenTaken,
      tokenTaken,
    ]);
    clock.now += 300_000;
    expect(await holds(`${first.access_token}`)).toBe(42001);
  });

  test('forced, ends the token before at once, and not twice in 30 s', async () => {
    const before = await newToken();
    const forced = await tokenOf({ force_refresh: true });
    expect([await holds(before), await holds(`${forced.access_token}`)]).toEqual([40001, tokenTaken]);
    expect(await tokenOf({ force_refresh: true })).toMatchObject({ errcode: 45011 });
    clock.now += 30_000;
  });

  test.each([
    [{ grant_type: 'x' }, 40002],
    [{ appid: 'wx9' }, 40013],
    [{ appid: 'constructor' }, 40013],
    [{ secret: 'x' }, 40125],
  ])('%j is errcode %i', async (change, errcode) => {
    expect(await tokenOf(change)).toMatchObject({ errcode });
  });
});

test('checksession and resetusersessionkey know the newest key alone', async () => {
  const [old, current] = [await logIn(), await logIn()];
  expect(await call('/wxa/checksession', await proof(current))).toEqual({ errcode: 0, errmsg: 'ok' });
  expect(await call('/wxa/checksession', await proof(old))).toMatchObject({ errcode: 87009 });

  const { session_key } = await call('/wxa/resetusersessionkey', await proof(current));
  expect(await call('/wxa/checksession', await proof(`${session_key}`))).toMatchObject({ errcode: 0 });
  expect(await call('/wxa/resetusersessionkey', await proof(current))).toMatchObject({ errcode: 87009 });
});

test('a phone code is good once, for five minutes, in its app and for its person', async () => {
  const path = '/wxa/business/getuserphonenumber';
  const access_token = await newToken();
  const newCode = async () => (await device<{ code: string }>('phone-code', { appId, openid })).code;
  const redeem = (code: string, of?: string) =>
    call(path, { access_token }, { code, ...(of && { openid: of }) });

  const code = await newCode();
  expect(await redeem(code, 'o-bert')).toMatchObject({ errcode: 40029 });
  expect((await redeem(code, openid)).phone_info).toEqual({
    phoneNumber: '13800138000',
    purePhoneNumber: '13800138000',
    countryCode: '86',
    watermark: { timestamp: Math.floor(clock.now / 1000), appid: appId },
  });
  expect(await redeem(code, openid)).toMatchObject({ errcode: 40029 });

  const [early, late] = [await newCode(), await newCode()];
  clock.now += 299_999;
  expect(await redeem(early)).toMatchObject({ errcode: 0 });
  clock.now += 1;
  expect(await redeem(late)).toMatchObject({ errcode: 40029 });
});

test('getuserencryptkey gives the last three keys of an hour each', async () => {
  const sessionKey = await logIn();
  for (let round = 0; round < 4; round += 1) {
    await device('user-key', { appId, openid, renew: true });
    clock.now += 60_000;
  }
  const { key_info_list: keys } = await call('/wxa/business/getuserencryptkey', await proof(sessionKey));
  expect(keys?.map(({ version, expire_in }) => [version, expire_in])).toEqual([
    [4, 3_540],
    [3, 3_480],
    [2, 3_420],
  ]);
});

describe('faults', () => {
  test('an errcode for one path leaves the others alone', async () => {
    await fault({ errcode: 40001, times: 2, path: '/wxa/checksession' });
    const access_token = await newToken();
    const errcodes = [await holds(access_token), await holds(access_token), await holds(access_token)];
    expect(errcodes).toEqual([40001, 40001, tokenTaken]);
  });

  test('garbage, a redirect and an end of the connection come in place of an answer', async () => {
    await fault({ kind: 'garbage', times: 1 });
    expect(await (await fetch(`${simulator.url}/wxa/checksession`)).text()).toContain('<html>');
    await fault({ kind: 'redirect', times: 1, location: 'https://evil.example/x' });
    const redirect = await fetch(`${simulator.url}/wxa/checksession`, { redirect: 'manual' });
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'https://evil.example/x']);
    await fault({ kind: 'down', times: 1 });
    await expect(fetch(`${simulator.url}/wxa/checksession`)).rejects.toThrow();
  });

  test('slow is an answer, later', async () => {
    await fault({ kind: 'slow', times: 1, delayMs: 60 });
    const startedAt = performance.now();
    expect(await holds('x')).toBe(40001);
    expect(performance.now() - startedAt).toBeGreaterThan(55);
  });

  test('times: 0 ends a fault, and a fault that is none is refused', async () => {
    await fault({ kind: 'garbage', times: 9 });
    await fault({ kind: 'garbage', times: 0 });
    expect(await holds('x')).toBe(40001);
    await expect(fault({ kind: 'tired', times: 1 })).rejects.toThrow('faults');
  });
});

test('data is encrypted for who is logged in', async () => {
  await expect(device('encrypted-data', { appId, openid: 'o-nobody', data: {} })).rejects.toThrow(
    'log in first',
  );
});
