/** The headers of 微信云托管: believed only where the switch is on, and only when they name one person of one of our apps. */
import { expect, test } from 'vitest';
import { parseConfig } from '../../../../gateway/config.ts';
import { readTrustedIdentity } from '../../../../gateway/identity/wechat/trusted-headers.ts';

const apps = new Set(['wx1', 'wx2']);
const headers = { 'x-wx-source': 'wx_client', 'x-wx-appid': 'wx1', 'x-wx-openid': 'o-anna' };
const read = (given: Record<string, string | undefined>, trustedHeaders = true) =>
  readTrustedIdentity(given, { trustedHeaders, apps });

test('a person comes with app, openid and, where there is one, unionid', () => {
  expect(read(headers)).toEqual({ appId: 'wx1', openid: 'o-anna', unionid: undefined });
  expect(read({ ...headers, 'x-wx-unionid': 'u-anna' })?.unionid).toBe('u-anna');
  expect(read({ ...headers, 'x-wx-unionid': '' })?.unionid).toBeUndefined();
});

test('a person of an app that shares the container comes by the headers of that app', () => {
  const shared = {
    'x-wx-source': 'wx_client',
    'x-wx-appid': 'wx1',
    'x-wx-from-appid': 'wx2',
    'x-wx-from-openid': 'o-bert',
  };
  expect(read(shared)).toEqual({ appId: 'wx2', openid: 'o-bert', unionid: undefined });
});

test('W-08 the headers say nothing where the switch is off', () => {
  expect(read(headers, false)).toBeUndefined();
});

test.each([
  ['without a source', { 'x-wx-source': undefined }],
  ['without an openid', { 'x-wx-openid': undefined }],
  ['without an app', { 'x-wx-appid': undefined }],
  ['of an app that is not ours', { 'x-wx-appid': 'wx3' }],
  ['of the prototype', { 'x-wx-appid': 'wx__proto__' }],
  ['with two people', { 'x-wx-openid': 'o-anna, o-bert' }],
  ['with a blank for a person', { 'x-wx-openid': ' ' }],
  ['with no id for a unionid', { 'x-wx-unionid': 'u anna' }],
])('W-08 headers %s say nothing', (_what, change) => {
  expect(read({ ...headers, ...change })).toBeUndefined();
});

const start = (wechat: object, host = '0.0.0.0') => parseConfig({ dev: true, supergraph: 's', host, wechat });

test('W-08 a gateway that others can reach does not start with trusted headers', () => {
  const refusal = 'wechat.trustedHeaders: needs publicAccess: false';
  expect(() => start({ trustedHeaders: true })).toThrowError(refusal);
  expect(() => start({ trustedHeaders: true, publicAccess: true })).toThrowError(refusal);
  expect(() => start({ trustedHeaders: true, publicAccess: true }, '127.0.0.1')).toThrowError(refusal);

  expect(start({ trustedHeaders: true, publicAccess: false }).wechat.trustedHeaders).toBe(true);
  expect(start({ trustedHeaders: true }, '127.0.0.1').wechat.trustedHeaders).toBe(true);
  expect(start({}).wechat.trustedHeaders).toBe(false);
});

test.each([
  'http://api.weixin.qq.com',
  'http://10.0.0.1',
  'ftp://api.weixin.qq.com',
  'http://127.0.0.1.evil.example',
])('W-13 secrets are not sent to %s', (baseUrl) => {
  expect(() => start({ baseUrl })).toThrowError('wechat.baseUrl');
});
