/** WeChat's session key: who is told that it is stale, and when it is given up. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type AttackWorld, appId, startAttackWorld } from '../support/attack-world.ts';
import { askDevice } from '../support/wechat-device.ts';

const clock = { now: Date.now() };
let world: AttackWorld;
beforeAll(async () => {
  world = await startAttackWorld({ dev: true, now: () => clock.now });
});
afterAll(() => world.close());

const logIn = async (openid: string): Promise<string> => {
  const body = { appId, code: await world.loginCode(openid) };
  return `${(await world.ask({ path: '/auth/wechat/login', body })).json?.accessToken}`;
};
const ask = async (token: string, path: string, body: object): Promise<string> => {
  const answer = await world.ask({ path, body, headers: { authorization: `Bearer ${token}` } });
  return [answer.status, answer.json?.errors?.[0]?.extensions?.code].filter(Boolean).join(' ');
};
const encrypt = (openid: string, key: 'current' | 'previous' = 'current') =>
  askDevice<object>(world.wechatUrl, 'encrypted-data', { appId, openid, key, data: { nickName: '小明' } });
/** A login whose code never came to this gateway, as a prefetch makes it. */
async function renewElsewhere(openid: string): Promise<void> {
  const js_code = await world.loginCode(openid);
  const query = { appid: appId, secret: 'simulator-secret', js_code, grant_type: 'authorization_code' };
  await fetch(`${world.wechatUrl}/sns/jscode2session?${new URLSearchParams(query)}`);
}
const fail = (fault: object) =>
  fetch(`${world.wechatUrl}/simulator/faults`, { method: 'POST', body: JSON.stringify(fault) });

const stale = '401 SESSION_KEY_STALE';
const invalid = '400 WECHAT_DATA_INVALID';
const profile = '/auth/wechat/profile';

test('data under a newer key than the gateway has is refused with the remedy, and readable after a login', async () => {
  const token = await logIn('o-anna');
  await renewElsewhere('o-anna');
  const before = world.wechatCalls('/wxa/checksession');
  const data = await encrypt('o-anna');

  for (let time = 0; time < 3; time += 1) expect(await ask(token, profile, data)).toBe(stale);
  expect(world.wechatCalls('/wxa/checksession') - before).toBe(1);
  expect(await ask(await logIn('o-anna'), profile, await encrypt('o-anna'))).toBe('200');
});

test('bad data under the key in force is bad data; WeChat is asked of it once a minute', async () => {
  const token = await logIn('o-bert');
  const bad = { encryptedData: 'AAAA', iv: 'AAAA' };
  const before = world.wechatCalls('/wxa/checksession');
  const counts = [];
  for (const laterMs of [0, 59_999, 1]) {
    clock.now += laterMs;
    expect(await ask(token, profile, bad)).toBe(invalid);
    counts.push(world.wechatCalls('/wxa/checksession') - before);
  }
  expect(counts).toEqual([1, 1, 2]);
});

test('when WeChat cannot say, bad data is bad data', async () => {
  const token = await logIn('o-carl');
  await renewElsewhere('o-carl');
  const data = await encrypt('o-carl');
  await fail({ errcode: 45011, times: 1, path: '/wxa/checksession' });
  expect(await ask(token, profile, data)).toBe(invalid);
});

test('who logs out everywhere has WeChat replace the session key', async () => {
  const token = await logIn('o-dora');
  const before = world.wechatCalls('/wxa/resetusersessionkey');
  expect(await ask(token, '/auth/logout-everywhere', {})).toBe('204');

  await vi.waitFor(() => expect(world.wechatCalls('/wxa/resetusersessionkey') - before).toBe(1));
  // The simulator keeps the key before the last one only where there was a new one.
  await expect(encrypt('o-dora', 'previous')).resolves.toHaveProperty('encryptedData');
  expect(await ask(await logIn('o-dora'), profile, await encrypt('o-dora'))).toBe('200');
});

test('the logout holds though WeChat does not answer', async () => {
  const token = await logIn('o-emil');
  await fail({ kind: 'down', times: 1, path: '/wxa/resetusersessionkey' });
  expect(await ask(token, '/auth/logout-everywhere', {})).toBe('204');
  expect(await ask(token, '/graphql', { query: '{ me { name } }' })).toBe('401 UNAUTHENTICATED');
});
