/** The keys of the encrypted channel: found by version, kept, and not asked for more often than need be. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createUserEncryptKeys } from '../../../../gateway/identity/wechat/user-encrypt-keys.ts';
import { type LoggedIn, startWechat, type TestWechat } from './start-wechat.ts';

const path = '/wxa/business/getuserencryptkey';
let wechat: TestWechat;
beforeAll(async () => {
  wechat = await startWechat();
});
afterAll(() => wechat.close());

interface PhoneKey {
  readonly encryptKey: string;
  readonly iv: string;
  readonly version: number;
}

const create = () => createUserEncryptKeys({ callApi: wechat.callApi, now: () => wechat.clock.now });
const phoneKey = ({ appId, openid }: LoggedIn, renew = false): Promise<PhoneKey> =>
  wechat.device<PhoneKey>('user-key', { appId, openid, renew });
const counted = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const before = wechat.calls(path);
  return [await work, wechat.calls(path) - before];
};

test('phone and gateway find the same key; 20 requests ask WeChat once', async () => {
  const person = await wechat.logIn('o-anna');
  const { encryptKey, iv, version } = await phoneKey(person);
  const keys = create();

  const [found, calls] = await counted(
    Promise.all(Array.from({ length: 20 }, () => keys.find(person, version))),
  );

  expect(found).toEqual(Array(20).fill({ encryptKey, iv, version }));
  expect(calls).toBe(1);
});

test('the last three keys are found until an hour has passed', async () => {
  const person = await wechat.logIn('o-bert');
  const keys = create();
  const versions: number[] = [];
  for (let round = 0; round < 4; round += 1) versions.push((await phoneKey(person, true)).version);

  const find = () =>
    Promise.all(versions.map(async (version) => (await keys.find(person, version))?.version));
  expect(await find()).toEqual([undefined, 2, 3, 4]);
  wechat.clock.now += 3_600_000;
  expect(await find()).toEqual([undefined, undefined, undefined, undefined]);
});

test('versions that a phone makes up do not make WeChat be asked more than once in 10 s', async () => {
  const person = await wechat.logIn('o-carl');
  const { version } = await phoneKey(person);
  const keys = create();

  const [, calls] = await counted(
    (async () => {
      for (let made = 100; made < 150; made += 1) expect(await keys.find(person, made)).toBeUndefined();
      expect((await keys.find(person, version))?.version).toBe(version);
    })(),
  );
  expect(calls).toBe(1);

  wechat.clock.now += 10_000;
  const next = await phoneKey(person, true);
  expect((await keys.find(person, next.version))?.encryptKey).toBe(next.encryptKey);
});

test('the key of the login before is tried too, and once neither holds a login is needed', async () => {
  const before = await wechat.logIn('o-dora');
  const { version } = await phoneKey(before);
  const now = await wechat.logIn('o-dora');

  expect(await create().find({ ...now, sessionKeys: ['gone', now.sessionKey] }, version)).toMatchObject({
    version,
  });
  const keys = create();
  const stale = { code: 'SESSION_KEY_STALE', status: 401 };
  await expect(keys.find(before, version)).rejects.toMatchObject(stale);
  const [, calls] = await counted(expect(keys.find(before, version)).rejects.toMatchObject(stale));
  expect(calls).toBe(0);
});

test('a failure is not kept', async () => {
  const person = await wechat.logIn('o-emil');
  const { version } = await phoneKey(person);
  const keys = create();
  await wechat.fault({ errcode: 45011, times: 1, path });

  await expect(keys.find(person, version)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(await keys.find(person, version)).toMatchObject({ version });
});
