/** The access token: one request however many wait, no harm to other gateways, and peace when WeChat refuses. */
import { afterEach, expect, test } from 'vitest';
import type { CallServerApi } from '../../../../gateway/identity/wechat/server-api.ts';
import { startWechat, type TestWechat, testAppId } from './start-wechat.ts';

const tokenPath = '/cgi-bin/stable_token';
const checkPath = '/wxa/checksession';
let wechat: TestWechat;
afterEach(() => wechat.close());

/** A call that succeeds whenever the token does: WeChat looks at it first. */
const call = async (callApi: CallServerApi): Promise<number | undefined> => {
  const reply = await callApi({
    appId: testAppId,
    method: 'GET',
    path: checkPath,
    query: {},
    repeatable: true,
  });
  return reply.ok ? 0 : reply.errcode;
};
/** The token was taken, and the rest of the call found wanting. */
const tokenTaken = 87008;
const times = (count: number, callApi: CallServerApi): Promise<(number | undefined)[]> =>
  Promise.all(Array.from({ length: count }, () => call(callApi)));

test('W-17 40 calls at once on 4 gateways ask for a token once each, and each holds the same', async () => {
  wechat = await startWechat();
  const gateways = [wechat.callApi, wechat.addGateway(), wechat.addGateway(), wechat.addGateway()];

  const errcodes = (await Promise.all(gateways.map((gateway) => times(10, gateway)))).flat();

  expect(errcodes).toEqual(Array(40).fill(tokenTaken));
  expect(wechat.calls(tokenPath)).toBe(4);
});

test('W-17 in the last 5 minutes 40 calls renew the token once each gateway, and nobody is refused meanwhile', async () => {
  wechat = await startWechat();
  const gateways = [wechat.callApi, wechat.addGateway(), wechat.addGateway(), wechat.addGateway()];
  for (const gateway of gateways) await call(gateway);

  wechat.clock.now += (7_200 - 299) * 1_000;
  // The first gateway renews; the others still hold the old token when their calls begin.
  const [first, ...others] = gateways as [CallServerApi, ...CallServerApi[]];
  const errcodes = [
    ...(await times(10, first)),
    ...(await Promise.all(others.map((each) => times(10, each)))).flat(),
  ];

  expect(errcodes).toEqual(Array(40).fill(tokenTaken));
  expect(wechat.calls(tokenPath)).toBe(8);
  expect(wechat.troubles.filter(({ errcode }) => errcode !== tokenTaken)).toEqual([]);
});

test('W-17 a token is kept until 5 minutes before its end', async () => {
  wechat = await startWechat();
  await call(wechat.callApi);
  wechat.clock.now += (7_200 - 301) * 1_000;
  await times(10, wechat.callApi);
  expect(wechat.calls(tokenPath)).toBe(1);
});

test('B-56 a token that WeChat refuses is renewed once for all calls that met it, and each call made once more', async () => {
  wechat = await startWechat();
  await call(wechat.callApi);
  wechat.clock.now += 60_000;
  await wechat.device('faults', { errcode: 40001, times: 20, path: checkPath });
  // Somebody forces a new token elsewhere: the old one ends.
  await fetch(`${wechat.url}${tokenPath}`, {
    method: 'POST',
    body: JSON.stringify({
      grant_type: 'client_credential',
      appid: testAppId,
      secret: 'simulator-secret',
      force_refresh: true,
    }),
  });
  const tokensBefore = wechat.calls(tokenPath);

  const errcodes = await times(20, wechat.callApi);

  expect(errcodes).toEqual(Array(20).fill(tokenTaken));
  expect(wechat.calls(tokenPath) - tokensBefore).toBe(1);
});

test('B-56 a token that WeChat refuses and stands by is not asked for again and again', async () => {
  wechat = await startWechat();
  await call(wechat.callApi);
  wechat.clock.now += 60_000;
  await wechat.fault({ errcode: 40001, times: 1_000, path: checkPath });

  for (let round = 0; round < 5; round += 1) {
    expect(await times(5, wechat.callApi)).toEqual(Array(5).fill(40001));
  }

  expect(wechat.calls(tokenPath)).toBe(2);
});

test('B-56 a call that learns late of a bad token does not renew the good one', async () => {
  wechat = await startWechat();
  const tokens = wechat.tokens;
  const old = `${await tokens.get(testAppId)}`;
  wechat.clock.now += 7_000_000;
  const renewed = await tokens.renew(testAppId, old);
  wechat.clock.now += 60_000;

  expect(await tokens.renew(testAppId, old)).toBe(renewed);
  expect(wechat.calls(tokenPath)).toBe(2);
});

test.each([
  [45011, 60_000],
  [45009, 60_000],
  [40125, 2_000],
  [-1, 2_000],
])('B-56 after errcode %i to a token request nothing is asked for %i ms', async (errcode, pauseMs) => {
  wechat = await startWechat();
  await wechat.fault({ errcode, times: 3, path: tokenPath });
  const asked = errcode === -1 ? 3 : 1;

  expect(await call(wechat.callApi)).toBeUndefined();
  wechat.clock.now += pauseMs - 1;
  expect(await times(10, wechat.callApi)).toEqual(Array(10).fill(undefined));
  expect(wechat.calls(tokenPath)).toBe(asked);

  await wechat.fault({ errcode, times: 0 });
  wechat.clock.now += 1;
  expect(await call(wechat.callApi)).toBe(tokenTaken);
});

test('B-56 while WeChat gives no new token, the old one is used to its end', async () => {
  wechat = await startWechat();
  await call(wechat.callApi);
  await wechat.fault({ kind: 'down', times: 1_000, path: tokenPath });

  wechat.clock.now += (7_200 - 10) * 1_000;
  expect(await call(wechat.callApi)).toBe(tokenTaken);
  wechat.clock.now += 10_000;
  expect(await call(wechat.callApi)).toBeUndefined();
});
