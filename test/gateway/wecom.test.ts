/** Members of a company log in by WeCom (企业微信), on the same path as people of mini-programs. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../client/index.ts';
import { parseConfig } from '../../gateway/config.ts';
import { createWechatSimulator, type WechatSimulator } from '../../wechat-simulator/simulator.ts';
import { type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { testInternalKey } from '../support/test-gateway.ts';
import { createWxDevice } from '../support/wx.ts';

const corpId = 'ww00000000000000c3';
const wrongCorpId = 'ww00000000000000d4';
const exchangePath = '/cgi-bin/miniprogram/jscode2session';
const clock = { now: Date.now() };
let wecom: WechatSimulator;
let world: AttackWorld;
beforeAll(async () => {
  const corps = { [corpId]: 'corp-secret', [wrongCorpId]: 'another-secret' };
  wecom = await createWechatSimulator({
    ...{ host: '127.0.0.1', port: 0, apps: {}, corps, now: () => clock.now },
  });
  world = await startAttackWorld({
    dev: true,
    now: () => clock.now,
    config: {
      internalKey: testInternalKey,
      wechat: {
        wecom: { baseUrl: wecom.url, corps: { [corpId]: 'corp-secret', [wrongCorpId]: 'wrong-secret' } },
      },
    },
  });
});
afterAll(async () => {
  await world.close();
  await wecom.close();
});
afterEach(() => {
  // Past whatever pause a test has brought about.
  clock.now += 61_000;
});

async function post<T>(path: string, body: object): Promise<T> {
  const response = await fetch(`${wecom.url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return (await response.json()) as T;
}
const codeOf = async (userid: string, of = corpId): Promise<string> =>
  (await post<{ code: string }>('/simulator/wecom-code', { corpId: of, userid })).code;
const logIn = (code: string, appId = corpId, headers = {}) =>
  world.ask({ path: '/auth/wechat/login', body: { appId, code }, headers });
const outcomeOf = async (answer: ReturnType<typeof logIn>): Promise<string> => {
  const { status, json } = await answer;
  return [status, json?.errors?.[0]?.extensions?.code].filter(Boolean).join(' ');
};

test('a member is logged in under the user id, whatever case the company writes it in', async () => {
  for (const userid of ['ZhangSan', 'zhangsan']) {
    const { json } = await logIn(await codeOf(userid));
    expect(json).toMatchObject({ user: { id: 'zhangsan', roles: ['USER'] }, tokenType: 'Bearer' });
    const headers = { authorization: `Bearer ${json?.accessToken}` };
    const me = await world.ask({ body: { query: '{ me { name } }' }, headers });
    expect(me.json).toEqual({ data: { me: { name: 'Person zhangsan' } } });
  }
  expect(wecom.calls('/cgi-bin/gettoken')).toBe(1);
});

test('the client logs in by wx.qy.login, given the corp id', async () => {
  const device = createWxDevice({ appId: 'wx00000000000000a1', person: 'tourist' });
  const client = createClient({
    wx: { ...device.wx, login: ({ success }) => void codeOf('lisi').then((code) => success({ code })) },
    ...{ url: world.gateway.url, appId: corpId, clientName: 'staff', clientVersion: '1.0.0' },
  });
  expect(await client.login()).toEqual({ ok: true, data: { id: 'lisi', roles: ['USER'] } });
});

test('a login whose answer was lost is answered again; a code is exchanged once', async () => {
  const code = await codeOf('wangwu');
  const before = wecom.calls(exchangePath);
  const key = { 'idempotency-key': '00112233445566778899aabbccddeeff' };
  const answers = [await logIn(code, corpId, key), await logIn(code, corpId, key)];
  expect(answers[1]?.json).toEqual(answers[0]?.json);
  expect(wecom.calls(exchangePath) - before).toBe(1);
  expect(await outcomeOf(logIn(code))).toBe('401 INVALID_CODE');
});

test.each([
  [40029, '401 INVALID_CODE'],
  [45009, '503 LOGIN_UNAVAILABLE'],
  [-1, '503 LOGIN_UNAVAILABLE'],
  [40013, '503 LOGIN_UNAVAILABLE'],
])('WeCom’s %i is %s, and the code is sent once', async (errcode, outcome) => {
  const code = await codeOf('zhaoliu');
  const before = wecom.calls(exchangePath);
  await post('/simulator/faults', { errcode, times: 1, path: exchangePath });
  expect(await outcomeOf(logIn(code))).toBe(outcome);
  expect(wecom.calls(exchangePath) - before).toBe(1);
});

test('a token that has expired is asked for anew, and the code is exchanged by that', async () => {
  await logIn(await codeOf('sunqi'));
  const before = wecom.calls('/cgi-bin/gettoken');
  clock.now += 7_200_000;
  expect(await outcomeOf(logIn(await codeOf('sunqi')))).toBe('200');
  expect(wecom.calls('/cgi-bin/gettoken') - before).toBe(1);
});

test.each(['slow', 'garbage', 'down', 'redirect'])('a WeCom that is %s is 503', async (kind) => {
  const code = await codeOf('zhouba');
  await post('/simulator/faults', { kind, times: 1, path: exchangePath, delayMs: 2_500 });
  expect(await outcomeOf(logIn(code))).toBe('503 LOGIN_UNAVAILABLE');
});

test('a wrong secret is 503, told in the log by its errcode, and never shown', async () => {
  expect(await outcomeOf(logIn(await codeOf('wujiu', wrongCorpId), wrongCorpId))).toBe(
    '503 LOGIN_UNAVAILABLE',
  );
  expect(world.gateway.log()).toContainEqual(
    expect.objectContaining({ appId: wrongCorpId, path: '/cgi-bin/gettoken', errcode: 40001 }),
  );
  const log = JSON.stringify(world.gateway.log());
  for (const secret of ['wrong-secret', 'corp-secret']) expect(log).not.toContain(secret);
});

test('a code of one company is none of another, and a company that is not set up is refused', async () => {
  expect(await outcomeOf(logIn(await codeOf('zhengshi', wrongCorpId)))).toBe('401 INVALID_CODE');
  expect(await outcomeOf(logIn('a-code', 'ww-unknown'))).toBe('400 BAD_USER_INPUT');
});

test('what only WeChat can tell is refused to a member, with the remedy, and WeChat is not asked', async () => {
  const { json } = await logIn(await codeOf('qianshi'));
  const headers = { authorization: `Bearer ${json?.accessToken}` };
  const refused = { status: 403, json: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } };
  const trouble = world.gateway.log().length;
  for (const [path, body] of [
    ['/auth/wechat/phone', { code: 'a-code' }],
    ['/auth/wechat/profile', { encryptedData: 'AAAA', iv: 'AAAA' }],
  ] as const) {
    const answer = await world.ask({ path, body, headers });
    expect(answer).toMatchObject(refused);
    expect(answer.json?.errors?.[0]?.message).toContain('Log in by wx.login of a mini-program');
  }
  expect(world.gateway.log().slice(trouble)).toEqual([]);
});

test('a company and a mini-program of the same id cannot both be set up', () => {
  const wechat = { apps: { wx1: 'a' }, wecom: { corps: { wx1: 'b' } } };
  const settings = { dev: true, supergraph: 's', internalKey: testInternalKey, wechat };
  expect(() => parseConfig(settings)).toThrow('  wechat.wecom.corps: has an id that is among apps too');
});
