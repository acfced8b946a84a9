/** Attacks on the login: only WeChat says who someone is, and what it says in confidence stays here. */
import { expect } from 'vitest';
import { parseConfig } from '../../gateway/config.ts';
import { createAttack } from '../support/attack.ts';
import { type AttackWorld, appId, otherAppId, type Send } from '../support/attack-world.ts';

const wechatClock = { aheadMs: 0 };
const gatewayClock = { aheadMs: 0 };
const attack = createAttack({
  dev: true,
  now: () => Date.now() + gatewayClock.aheadMs,
  wechatNow: () => Date.now() + wechatClock.aheadMs,
});

const login = (body: object, headers = {}): Send => ({ path: '/auth/wechat/login', headers, body });
const invalidCode = { status: 401, code: 'INVALID_CODE', fetches: 0 };
const badRequest = { status: 400, code: 'BAD_REQUEST', fetches: 0 };

attack('W-02', 'a code that has expired logs nobody in', {
  send: async (world) => {
    const code = await world.loginCode('o-late');
    wechatClock.aheadMs = 5 * 60_000 + 1_000;
    return login({ appId, code });
  },
  expect: invalidCode,
  also: () => {
    wechatClock.aheadMs = 0;
  },
});

attack('W-02', 'a code of another mini-program logs nobody in', {
  send: async (world) => login({ appId, code: await world.loginCode('o-elsewhere', otherAppId) }),
  expect: invalidCode,
});

for (const [what, code] of [
  ['at random', '0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p'],
  ['of 10 KB', 'a'.repeat(10_240)],
  ['that is empty', ''],
  ['with the parameters of another request in it', `x&appid=${otherAppId}&secret=guess`],
  ['with a line break', 'a\r\nHost: evil'],
  ['with NUL', 'a\0b'],
]) {
  attack('W-02', `a code ${what} logs nobody in`, { send: login({ appId, code }), expect: invalidCode });
}

for (const [what, body] of [
  ['a number', { appId, code: 1 }],
  ['a list', { appId, code: ['simulator:admin'] }],
  ['missing', { appId }],
] as const) {
  attack('W-02', `a code that is ${what} is no login request`, { send: login(body), expect: badRequest });
}

for (const app of ['wx0000000000000000', '__proto__', 'constructor']) {
  attack('W-02', `a login for the app ${app}, which is not ours, is refused without asking WeChat`, {
    send: login({ appId: app, code: 'simulator:admin' }),
    expect: { status: 400, code: 'BAD_USER_INPUT', fetches: 0 },
  });
}

attack('W-02', 'a code that was used logs nobody in again', {
  send: async (world) => {
    const code = await world.loginCode('o-once');
    expect((await world.ask(login({ appId, code }))).status).toBe(200);
    return login({ appId, code });
  },
  expect: { status: 401, code: 'CODE_USED', fetches: 0 },
});

attack('W-08', 'who someone is comes from the code, whatever else the client says', {
  send: async (world) => {
    const claims = { openid: 'o-sim-admin', unionid: 'u-admin', userId: 'o-sim-admin', roles: ['ADMIN'] };
    const headers = { 'x-wx-openid': 'o-sim-admin', 'x-wx-unionid': 'u-admin' };
    return login({ appId, code: await world.loginCode('o-mallory'), ...claims }, headers);
  },
  expect: { status: 200, fetches: 1 },
  also: ({ json }, world) => {
    expect(json).toMatchObject({ user: { id: 'o-mallory', roles: ['USER'] } });
    const { body } = world.subgraph('users').received.at(-1) ?? { body: '{}' };
    expect(JSON.parse(body).variables).toEqual({ appId, openid: 'o-mallory' });
  },
});

attack('W-10', 'a login gives a token and the user, and nothing that WeChat gave', {
  send: login({ appId, code: 'simulator:user' }),
  expect: { status: 200, fetches: 1 },
  also: ({ json }) =>
    expect(json).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      tokenType: 'Bearer',
      expiresInSeconds: 900,
      refreshToken: expect.stringMatching(/^[\w-]+\.[\w-]{32}\.[\w-]{43}\.[\w-]{22}$/),
      user: { id: 'o-sim-user', roles: ['USER'] },
    }),
});

attack('W-10', 'neither the session key nor the openid is in the token', {
  send: login({ appId, code: 'simulator:user' }),
  expect: { status: 200, fetches: 1 },
  also: ({ json }) => {
    const payload = Buffer.from(json?.accessToken?.split('.')[1] ?? '', 'base64url').toString();
    expect(Object.keys(JSON.parse(payload)).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'sid', 'sub']);
  },
});

/** WeChat answers every login by this errcode until the case is over. */
const whileWechatSays = (errcode: number) => ({
  send: async (world: AttackWorld): Promise<Send> => {
    await setFault(world, errcode, 100);
    return login({ appId, code: 'simulator:user' });
  },
  also: (answer: { headers: Readonly<Record<string, string>> }, world: AttackWorld, retryAfter?: string) => {
    expect(answer.headers['retry-after']).toBe(retryAfter);
    // Past any time for which the gateway leaves WeChat in peace.
    gatewayClock.aheadMs += 61_000;
    return setFault(world, 1, 0);
  },
});

async function setFault(world: AttackWorld, errcode: number, times: number): Promise<void> {
  await fetch(`${world.wechatUrl}/simulator/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ errcode, times }),
  });
}

for (const [errcode, what, status, code, retryAfter] of [
  [40226, 'blocked', 403, 'USER_BLOCKED', undefined],
  [45011, 'too often', 429, 'RATE_LIMITED', '60'],
  [-1, 'busy', 503, 'LOGIN_UNAVAILABLE', '2'],
  [45009, 'out of quota', 503, 'LOGIN_UNAVAILABLE', '2'],
  [40013, 'that our app id is wrong', 503, 'LOGIN_UNAVAILABLE', '2'],
  [40125, 'that our secret is wrong', 503, 'LOGIN_UNAVAILABLE', '2'],
  [99999, 'what nobody knows', 503, 'LOGIN_UNAVAILABLE', '2'],
] as const) {
  const { send, also } = whileWechatSays(errcode);
  attack('W-12', `WeChat says ${what}: ${status} ${code}`, {
    send,
    expect: { status, code, fetches: 0 },
    also: (answer, world) => also(answer, world, retryAfter),
  });
}

attack('B-56', 'once WeChat says that the quota of the day is used up, it is left in peace for a minute', {
  send: async (world) => {
    await setFault(world, 45009, 1);
    const exchangePath = '/sns/jscode2session';
    const callsBefore = world.wechatCalls(exchangePath);
    for (const code of ['a', 'b', 'c']) await world.ask(login({ appId, code }));
    expect(world.wechatCalls(exchangePath) - callsBefore).toBe(1);
    return login({ appId, code: 'd' });
  },
  expect: { status: 503, code: 'LOGIN_UNAVAILABLE', fetches: 0 },
  also: () => {
    gatewayClock.aheadMs += 61_000;
  },
});

attack('W-13', 'where WeChat is, is not taken from a request', {
  send: login({ appId, code: 'unknown' }, { host: 'evil.example', 'x-forwarded-host': 'evil.example' }),
  expect: invalidCode,
  also: () =>
    expect(parseConfig({ dev: true, supergraph: 'a' }).wechat.baseUrl).toBe('https://api.weixin.qq.com'),
});
