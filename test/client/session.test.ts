import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { query, startMiniProgram } from './mini-program.ts';
import { refusal, sendJson } from './small-gateway.ts';

let program: Awaited<ReturnType<typeof startMiniProgram>>;
beforeEach(async () => {
  program = await startMiniProgram();
});
afterEach(() => program.close());

const echo = (value: unknown) => ({ ok: true, data: { echo: value } });
const fifty = Array.from({ length: 50 }, (_, n) => ({ n }));

it('50 first requests at once cause one wx.login and one login request', async () => {
  const { client, counts } = program;
  const results = await Promise.all(fifty.map((variables) => client.request(query, variables)));

  expect(results).toEqual(fifty.map(echo));
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 0, operations: 50 });
});

it('login answers who is logged in, and later calls use it', async () => {
  const { client, counts } = program;

  expect(await client.login()).toEqual({ ok: true, data: { id: 'user of o-anna', roles: ['USER'] } });
  expect(await client.request(query, { n: 1 })).toEqual(echo({ n: 1 }));
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 0, operations: 1 });
});

it('a new launch finds the token in the storage', async () => {
  await program.client.login();

  expect(await program.launch().request(query)).toEqual(echo(null));
  expect(program.counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 0, operations: 1 });
});

it('a token is given up when a tenth of its life is left', async () => {
  const { client, clock, counts } = program;
  await client.login();

  clock.now += 810_000 - 1;
  await client.login();
  expect(counts()).toMatchObject({ logins: 1, refreshes: 0 });
  clock.now += 1;
  await client.login();
  expect(counts()).toMatchObject({ wxLogins: 1, logins: 1, refreshes: 1 });
});

it('50 requests with a refused token share one refresh, no wx.login, and each is repeated once', async () => {
  const { client, gateway, counts } = program;
  await client.login();
  gateway.revokeTokens();

  const results = await Promise.all(fifty.map((variables) => client.request(query, variables)));

  expect(results).toEqual(fifty.map(echo));
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 1, operations: 100 });
});

it('50 requests of a session that has ended share one refresh in vain and one login', async () => {
  const { client, gateway, counts } = program;
  await client.login();
  gateway.endSessions();

  const results = await Promise.all(fifty.map((variables) => client.request(query, variables)));

  expect(results).toEqual(fifty.map(echo));
  expect(counts()).toEqual({ wxLogins: 2, logins: 2, refreshes: 1, operations: 100 });
});

it('a launch after the token has expired refreshes it, and the one after that too', async () => {
  const { launch, clock, counts } = program;
  await program.client.login();
  for (const refreshes of [1, 2]) {
    clock.now += 3_600_000;
    expect(await launch().request(query)).toEqual(echo(null));
    expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes, operations: refreshes });
  }
});

it.each([
  [503, 'SESSION_UNAVAILABLE', 'refused', true],
  [403, 'BANNED', 'refused', false],
])('a refresh answered %i %s is the result, and no login is tried', async (status, code, kind, retryable) => {
  const { client, gateway, counts } = program;
  await client.login();
  gateway.revokeTokens();
  gateway.answerRefresh = (response) => sendJson(response, status, refusal(code, 'No.'));

  expect(await client.request(query)).toMatchObject({ ok: false, error: { kind, code, retryable, status } });
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 1, operations: 1 });

  gateway.answerRefresh = undefined;
  expect(await client.request(query)).toEqual(echo(null));
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 2, operations: 2 });
});

it('a refusal that comes after others have refreshed causes no further refresh', async () => {
  const { client, gateway, counts } = program;
  await client.login();
  gateway.revokeTokens();
  const { refuse } = gateway;
  const refused: ServerResponse[] = [];
  gateway.refuse = (response) => void refused.push(response);
  const late = client.request(query, { n: 1 });
  await vi.waitUntil(() => refused.length === 1);
  gateway.refuse = refuse;

  expect(await client.request(query, { n: 2 })).toEqual(echo({ n: 2 }));
  for (const response of refused) refuse(response);
  expect(await late).toEqual(echo({ n: 1 }));
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 1, operations: 4 });
});

it('a gateway that refuses fresh tokens too gets one refresh and one repetition, no more', async () => {
  const { client, gateway, counts } = program;
  gateway.answer = (_request, response) =>
    sendJson(response, 401, refusal('UNAUTHENTICATED', 'No.', '请先登录'));

  expect(await client.request(query)).toMatchObject({
    ok: false,
    error: { kind: 'unauthenticated', retryable: false, code: 'UNAUTHENTICATED', userMessage: '请先登录' },
  });
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 1, operations: 2 });
});

it('a code that WeChat calls used is replaced by a fresh one', async () => {
  await program.failExchanges(40163, 1);

  expect(await program.client.request(query)).toEqual(echo(null));
  expect(program.counts()).toEqual({ wxLogins: 2, logins: 2, refreshes: 0, operations: 1 });
});

it('two codes refused in a row end the login; no operation is sent', async () => {
  await program.failExchanges(40029, 9);

  expect(await program.client.request(query)).toEqual({
    ok: false,
    error: {
      kind: 'unauthenticated',
      retryable: false,
      message: 'Log in again.',
      status: 401,
      code: 'INVALID_CODE',
      userMessage: '登录已过期，请重试',
      errors: refusal('INVALID_CODE', 'Log in again.', '登录已过期，请重试').errors,
    },
  });
  expect(program.counts()).toEqual({ wxLogins: 2, logins: 2, refreshes: 0, operations: 0 });
});

it.each([
  ['so long as Retry-After says', { 'Retry-After': '7' }, 7_000],
  ['for a minute when it says nothing', {}, 60_000],
])('a login refused with 429 is not tried again %s', async (_case, headers, pauseMs) => {
  const { client, gateway, clock, counts } = program;
  gateway.answerLogin = (response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, 429, refusal('RATE_LIMITED', 'Too many logins.'));
  };
  const refused = { ok: false, error: { kind: 'refused', retryable: true, code: 'RATE_LIMITED' } };

  expect(await client.request(query)).toMatchObject(refused);
  gateway.answerLogin = undefined;
  clock.now += pauseMs - 1;
  expect(await client.request(query)).toMatchObject(refused);
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 0, operations: 0 });

  clock.now += 1;
  expect(await client.request(query)).toEqual(echo(null));
});

it('a login whose answer is lost is sent again as it was, without another wx.login', async () => {
  const { client, gateway, clock, counts } = program;
  gateway.answerLogin = (response) => void response.destroy();
  const lost = { ok: false, error: { kind: 'network', retryable: true } };

  expect(await client.request(query)).toMatchObject(lost);
  clock.now += 59_999;
  gateway.answerLogin = undefined;
  expect(await client.request(query)).toEqual(echo(null));

  expect(counts()).toEqual({ wxLogins: 1, logins: 2, refreshes: 0, operations: 1 });
  const sent = gateway.received.filter(({ path }) => path === '/auth/wechat/login');
  const same = { code: sent[0]?.body.code, key: expect.stringMatching(/^[0-9a-f]{32}$/) };
  expect(sent.map(({ body, headers }) => ({ code: body.code, key: headers['idempotency-key'] }))).toEqual([
    same,
    { ...same, key: sent[0]?.headers['idempotency-key'] },
  ]);
});

it('after a minute, or once it was answered, a login begins with a code and a key of its own', async () => {
  const { client, gateway, clock, counts } = program;
  gateway.answerLogin = (response) => void response.destroy();
  await client.request(query);
  clock.now += 60_000;
  gateway.answerLogin = (response) => sendJson(response, 503, refusal('LOGIN_UNAVAILABLE', 'Later.'));
  await client.request(query);
  gateway.answerLogin = undefined;
  expect(await client.request(query)).toEqual(echo(null));

  expect(counts()).toMatchObject({ wxLogins: 3, logins: 3 });
  const keys = gateway.received.flatMap(({ path, headers }) =>
    path === '/auth/wechat/login' ? [headers['idempotency-key']] : [],
  );
  expect(new Set(keys).size).toBe(3);
});

it('a wx.login that fails is an error like any other, and the next call tries anew', async () => {
  const { device, launch } = program;
  let offline = true;
  const client = launch({
    ...device.wx,
    login: (option) => (offline ? option.fail({ errMsg: 'login:fail timeout' }) : device.wx.login(option)),
  });

  expect(await client.request(query)).toEqual({
    ok: false,
    error: { kind: 'timeout', retryable: true, message: 'login:fail timeout' },
  });
  offline = false;
  expect(await client.request(query)).toEqual(echo(null));
});

it('a full storage and a broken entry cost a login, nothing else', async () => {
  const { device, launch, counts } = program;
  const wx = {
    ...device.wx,
    getStorageSync: () => ({ accessToken: 7 }),
    setStorageSync: () => {
      throw new Error('setStorageSync:fail exceed storage max size 10Mb');
    },
  };

  expect(await launch(wx).request(query)).toEqual(echo(null));
  expect(counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 0, operations: 1 });
});

it.each([
  [200, { accessToken: 'x', expiresInSeconds: 900 }, 'badResponse'],
  [200, { data: {} }, 'badResponse'],
  [502, '<html>', 'badResponse'],
  [503, refusal('WECHAT_UNAVAILABLE', 'Later.'), 'refused'],
])('a login answered %i %j is %s', async (status, body, kind) => {
  program.gateway.answerLogin = (response) => sendJson(response, status, body);

  expect(await program.client.request(query)).toMatchObject({ ok: false, error: { kind, status } });
  expect(program.counts()).toEqual({ wxLogins: 1, logins: 1, refreshes: 0, operations: 0 });
});
