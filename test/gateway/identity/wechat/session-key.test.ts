/** The proof that we hold a session key, held against WeChat's published example and the simulator. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  checkSession,
  resetUserSessionKey,
  signBySessionKey,
} from '../../../../gateway/identity/wechat/session-key.ts';
import { startWechat, type TestWechat } from './start-wechat.ts';

let wechat: TestWechat;
beforeAll(async () => {
  wechat = await startWechat();
});
afterAll(() => wechat.close());

test('a session key signs as the text it is, not as the bytes it encodes', () => {
  const key = 'o0q0otL8aEzpcZL/FT9WsQ==';

  expect(signBySessionKey(key, '{"foo":"bar"}')).toBe(
    '654571f79995b2ce1e149e53c0a33dc39c0a74090db514261454e8dbe432aa0b',
  );
  expect(signBySessionKey(key, '')).toBe('46e043c5525c2d817c44be603d30837a808a1d930d038f6fdc3e62a201fed128');
});

test('a session key holds until the next login or reset, and not for anyone else', async () => {
  const first = await wechat.logIn('o-anna');
  expect(await checkSession(wechat.callApi, first, first.sessionKey)).toBe(true);
  expect(await checkSession(wechat.callApi, { ...first, openid: 'o-bert' }, first.sessionKey)).toBe(false);

  const second = await wechat.logIn('o-anna');
  expect(await checkSession(wechat.callApi, second, first.sessionKey)).toBe(false);

  const renewed = await resetUserSessionKey(wechat.callApi, second, second.sessionKey);
  expect(await checkSession(wechat.callApi, second, `${renewed}`)).toBe(true);
  expect(await checkSession(wechat.callApi, second, second.sessionKey)).toBe(false);
  expect(await resetUserSessionKey(wechat.callApi, second, second.sessionKey)).toBeUndefined();
});

test('a WeChat that does not answer is not taken for a key that no longer holds', async () => {
  const person = await wechat.logIn('o-anna');
  await wechat.fault({ errcode: 45011, times: 1, path: '/wxa/checksession' });
  await expect(checkSession(wechat.callApi, person, person.sessionKey)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    headers: { 'retry-after': '60' },
  });
  await wechat.fault({ kind: 'garbage', times: 3, path: '/wxa/checksession' });
  await expect(checkSession(wechat.callApi, person, person.sessionKey)).rejects.toMatchObject({
    code: 'WECHAT_UNAVAILABLE',
  });
});
