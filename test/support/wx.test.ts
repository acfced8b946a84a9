import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWechatSimulator, type WechatSimulator } from '../../wechat-simulator/simulator.ts';
import { createWxDevice } from './wx.ts';

const appId = 'wx00000000000000a1';
const createTourist = () => createWxDevice({ appId, person: 'tourist' });

describe('wx.login', () => {
  let simulator: WechatSimulator;
  beforeAll(async () => {
    simulator = await createWechatSimulator({
      host: '127.0.0.1',
      port: 0,
      apps: { [appId]: 'secret' },
      now: Date.now,
    });
  });
  afterAll(() => simulator.close());

  it('gives a fresh code each time, by promise or by callback', async () => {
    const { wx, calls } = createWxDevice({
      appId,
      person: { simulatorUrl: simulator.url, openid: 'o-anna' },
    });
    const first = await wx.login();
    const second = await new Promise<{ code: string }>((success) => {
      expect(wx.login({ success })).toBeUndefined();
    });

    expect(first).toEqual({ code: expect.stringMatching(/^[\w-]{32}$/), errMsg: 'login:ok' });
    expect(second.code).not.toBe(first?.code);
    expect(calls).toEqual({ login: 2, request: 0 });
  });

  it('fails when WeChat has no such app', async () => {
    const { wx } = createWxDevice({
      appId: 'wxunknown',
      person: { simulatorUrl: simulator.url, openid: 'o' },
    });
    await expect(wx.login()).rejects.toMatchObject({ errMsg: expect.stringContaining('login:fail') });
  });

  it('gives a tourist the mock code', async () => {
    expect(await createTourist().wx.login()).toEqual({ code: 'the code is a mock one', errMsg: 'login:ok' });
  });
});

describe('storage', () => {
  it('keeps copies, and gives empty text for what it has not', () => {
    const { wx } = createTourist();
    const value = { a: [1] };
    wx.setStorageSync('key', value);
    value.a.push(2);

    expect(wx.getStorageSync('key')).toEqual({ a: [1] });
    wx.removeStorageSync('key');
    expect(wx.getStorageSync('key')).toBe('');
  });

  it('holds 1 MB under a key and 10 MB in all', () => {
    const { wx } = createTourist();
    const megabyte = 'x'.repeat(1024 * 1024 - 2);
    expect(() => wx.setStorageSync('key', `${megabyte}x`)).toThrow(
      'setStorageSync:fail data exceed max size',
    );

    for (let index = 0; index < 10; index += 1) wx.setStorageSync(`key${index}`, megabyte);
    expect(() => wx.setStorageSync('key10', '')).toThrow('setStorageSync:fail exceed storage max size');
    wx.setStorageSync('key9', 'smaller');
    wx.setStorageSync('key10', '');
  });

  it('does the same asynchronously', async () => {
    const { wx } = createTourist();
    await wx.setStorage({ key: 'key', data: 1 });
    expect(await wx.getStorage({ key: 'key' })).toEqual({ data: 1, errMsg: 'getStorage:ok' });
    await wx.removeStorage({ key: 'key' });
    await expect(wx.getStorage({ key: 'key' })).rejects.toMatchObject({
      errMsg: 'getStorage:fail data not found',
    });
  });
});

it('random values have the length asked for', async () => {
  const values = await createTourist().wx.getRandomValues({ length: 16 });
  expect(values?.randomValues.byteLength).toBe(16);
});

it('the version is known only in the release', () => {
  const versionIn = (envVersion: 'develop' | 'release') =>
    createWxDevice({ appId, person: 'tourist', envVersion, version: '2.3.4' }).wx.getAccountInfoSync();
  expect(versionIn('release')).toEqual({ miniProgram: { appId, envVersion: 'release', version: '2.3.4' } });
  expect(versionIn('develop')).toEqual({ miniProgram: { appId, envVersion: 'develop', version: '' } });
});
