import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWechatSimulator, type WechatSimulator } from '../../wechat-simulator/simulator.ts';

const appId = 'wx00000000000000a1';
const bound = 'wx00000000000000b2';
const clock = { now: 1_800_000_000_000 };
let simulator: WechatSimulator;

beforeAll(async () => {
  simulator = await createWechatSimulator({
    host: '127.0.0.1',
    port: 0,
    apps: { [appId]: 'secret-a', [bound]: 'secret-b' },
    boundAppIds: [bound],
    now: () => clock.now,
  });
});
afterAll(() => simulator.close());

async function post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${simulator.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function codeFor(openid: string, app = appId): Promise<string> {
  const { body } = await post('/simulator/code', { appId: app, openid });
  return (body as { code: string }).code;
}

async function exchange(params: Record<string, string>, method = 'GET'): Promise<unknown> {
  const query = new URLSearchParams({
    appid: appId,
    secret: 'secret-a',
    grant_type: 'authorization_code',
    ...params,
  });
  const response = await fetch(`${simulator.url}/sns/jscode2session?${query}`, { method });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/plain']);
  return response.json();
}

const sessionOf = (openid: string) => ({
  session_key: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
  openid,
});
const refusal = (errcode: number, wording: string) => ({
  errcode,
  errmsg: expect.stringMatching(new RegExp(`^${wording}, rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$`)),
});

describe('jscode2session', () => {
  it('a code is exchanged once; the second time it is 40163', async () => {
    const code = await codeFor('o-anna');

    expect(await exchange({ js_code: code })).toEqual(sessionOf('o-anna'));
    expect(await exchange({ js_code: code })).toEqual(refusal(40163, 'code been used'));
  });

  it('one of 20 exchanges of the same code at once succeeds', async () => {
    const code = await codeFor('o-anna');

    const answers = await Promise.all(Array.from({ length: 20 }, () => exchange({ js_code: code })));

    expect(answers.filter((answer) => 'openid' in (answer as object))).toEqual([sessionOf('o-anna')]);
    expect(answers.filter((answer) => 'errcode' in (answer as object))).toHaveLength(19);
  });

  it('a code is valid until five minutes have passed', async () => {
    const [early, late] = [await codeFor('o-anna'), await codeFor('o-anna')];

    clock.now += 5 * 60_000 - 1;
    expect(await exchange({ js_code: early })).toEqual(sessionOf('o-anna'));
    clock.now += 1;
    expect(await exchange({ js_code: late })).toEqual(refusal(40029, 'invalid code'));
  });

  it('a code of another app is 40029, and stays good for its own', async () => {
    const code = await codeFor('o-anna', bound);

    expect(await exchange({ js_code: code })).toEqual(refusal(40029, 'invalid code'));
    expect(await exchange({ appid: bound, secret: 'secret-b', js_code: code })).toMatchObject({
      openid: 'o-anna',
    });
  });

  it('a login of a bound app carries the unionid, the same each time', async () => {
    const login = async () =>
      exchange({ appid: bound, secret: 'secret-b', js_code: await codeFor('o-anna', bound) });

    const [first, second] = [await login(), await login()] as { unionid: string }[];

    expect(first).toEqual({ ...sessionOf('o-anna'), unionid: expect.stringMatching(/^u-[\w-]{26}$/) });
    expect(second?.unionid).toBe(first?.unionid);
  });

  it('every exchange makes a new session_key', async () => {
    const answers = await Promise.all(
      ['o-anna', 'o-anna', 'o-bert'].map(async (openid) => exchange({ js_code: await codeFor(openid) })),
    );

    expect(new Set(answers.map((answer) => (answer as { session_key: string }).session_key)).size).toBe(3);
  });

  it.each([
    ['the code is a mock one', 'o-mock-user'],
    ['simulator:user', 'o-sim-user'],
    ['simulator:admin', 'o-sim-admin'],
    ['simulator:super', 'o-sim-super'],
  ])('the code "%s" logs in %s any number of times', async (code, openid) => {
    expect([await exchange({ js_code: code }), await exchange({ js_code: code })]).toEqual([
      sessionOf(openid),
      sessionOf(openid),
    ]);
  });

  it.each([
    [{ js_code: 'never-issued' }, 40029, 'invalid code'],
    [{ js_code: 'x', appid: 'wxunknown' }, 40013, 'invalid appid'],
    [{ js_code: 'x', appid: 'constructor' }, 40013, 'invalid appid'],
    [{ js_code: 'x', secret: 'wrong' }, 40125, 'invalid appsecret'],
    [{ js_code: 'x', appid: '' }, 41002, 'appid missing'],
    [{ js_code: 'x', secret: '' }, 41004, 'appsecret missing'],
    [{}, 41008, 'missing code'],
    [{ js_code: 'x', grant_type: 'client_credential' }, 40002, 'invalid grant_type'],
  ])('%j is errcode %i', async (params, errcode, wording) => {
    expect(await exchange(params as Record<string, string>)).toEqual(refusal(errcode, wording));
  });

  it('a wrong secret does not spend the code', async () => {
    const code = await codeFor('o-anna');
    await exchange({ js_code: code, secret: 'wrong' });

    expect(await exchange({ js_code: code })).toEqual(sessionOf('o-anna'));
  });

  it('a POST is 41002 whatever its query says', async () => {
    expect(await exchange({ js_code: 'simulator:user' }, 'POST')).toEqual(refusal(41002, 'appid missing'));
  });
});

describe('the device side', () => {
  it('a code for an unknown app is refused', async () => {
    expect(await post('/simulator/code', { appId: 'wxunknown', openid: 'o-anna' })).toEqual({
      status: 400,
      body: { error: 'The simulator has no app wxunknown.' },
    });
  });

  it('a request without an openid is refused by name', async () => {
    expect(await post('/simulator/code', { appId })).toEqual({
      status: 400,
      body: { error: expect.stringContaining('at openid') },
    });
  });
});

describe('faults', () => {
  it('the next exchanges answer the errcode asked for, without spending their code', async () => {
    const code = await codeFor('o-anna');
    await post('/simulator/faults', { errcode: 45011, times: 2 });

    const wording = 'api minute-quota reach limit mustslower retry next minute';
    expect(await exchange({ js_code: code })).toEqual(refusal(45011, wording));
    expect(await exchange({ js_code: code })).toEqual(refusal(45011, wording));
    expect(await exchange({ js_code: code })).toEqual(sessionOf('o-anna'));
  });

  it('errcode 0 is no fault', async () => {
    expect((await post('/simulator/faults', { errcode: 0, times: 1 })).status).toBe(400);
  });
});
