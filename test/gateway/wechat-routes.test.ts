/** What WeChat and phones reach over HTTP, on a gateway as it is set up: files, pushed messages, 云托管. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../gateway/config.ts';
import { createWechatServices } from '../../gateway/identity/wechat/wechat-services.ts';
import {
  type Answer,
  type AttackWorld,
  type AttackWorldOptions,
  appId,
  otherAppId,
  startAttackWorld,
} from '../support/attack-world.ts';
import { testInternalKey } from '../support/test-gateway.ts';
import { askDevice } from '../support/wechat-device.ts';

const push = { token: 'pushtoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const secretFile = join(mkdtempSync(join(tmpdir(), 'minigate-secret-')), 'secret');
writeFileSync(secretFile, 'simulator-secret\n');

async function start(wechat: object, more: AttackWorldOptions['config'] = {}): Promise<AttackWorld> {
  return startAttackWorld({ dev: true, config: { internalKey: testInternalKey, wechat, ...more } });
}

const logIn = async (world: AttackWorld, openid: string, app = appId): Promise<string> => {
  const body = { appId: app, code: await world.loginCode(openid, app) };
  return `${(await world.ask({ path: '/auth/wechat/login', body })).json?.accessToken}`;
};
const askMe = (world: AttackWorld, token: string): Promise<Answer> =>
  world.ask({ headers: { authorization: `Bearer ${token}` }, body: { query: '{ me { name } }' } });

describe('pushed messages', () => {
  let world: AttackWorld;
  beforeAll(async () => {
    world = await start({ apps: { [appId]: { secretFile, push }, [otherAppId]: 'other-simulator-secret' } });
  });
  afterAll(() => world.close());

  const revoke = (openid: string, change: object = {}, path = '/wx/message') =>
    askDevice<{ status: number; text: string }>(world.wechatUrl, 'push', {
      url: `${world.gateway.url}${path}`,
      appId,
      ...push,
      message: {
        ToUserName: 'gh_1',
        FromUserName: 'o-platform',
        CreateTime: Math.floor(Date.now() / 1000),
        MsgType: 'event',
        Event: 'user_authorization_revoke',
        OpenID: openid,
        AppID: appId,
        RevokeInfo: '8',
      },
      ...change,
    });

  test.each([
    ['json', '/wx/message'],
    ['xml', `/wx/message/${appId}`],
  ])(
    'a revocation in %s to %s ends the sessions of that person alone, and has the rest deleted',
    async (format, path) => {
      const openid = `o-anna-${format}`;
      const anna = await logIn(world, openid);
      const others = [await logIn(world, 'o-bert')];

      expect(await revoke(openid, { format }, path)).toEqual({ status: 200, text: 'success' });

      expect((await askMe(world, anna)).status).toBe(401);
      for (const other of others) expect((await askMe(world, other)).status).toBe(200);
      const told = { outcome: 'done', kind: 'user_authorization_revoke', appId, openid, revokeInfo: [8] };
      expect(world.gateway.log()).toContainEqual(expect.objectContaining(told));
    },
  );

  test('the address is verified in plain text', async () => {
    const { status, text, echostr } = await askDevice<{ status: number; text: string; echostr: string }>(
      world.wechatUrl,
      'push-address',
      { url: `${world.gateway.url}/wx/message`, appId, ...push },
    );
    expect({ status, text }).toEqual({ status: 200, text: echostr });
  });

  test('what WeChat did not sign is refused, and ends nothing', async () => {
    const anna = await logIn(world, 'o-anna');
    const forged = await revoke('o-anna', { token: 'guessed' });
    expect([forged.status, JSON.parse(forged.text).errors[0].extensions.code]).toEqual([
      403,
      'SIGNATURE_INVALID',
    ]);
    expect((await askMe(world, anna)).status).toBe(200);
  });

  test.each([
    ['an app without keys', { path: `/wx/message/${otherAppId}`, body: '{}' }, 404, 'NOT_FOUND'],
    ['another method', { path: '/wx/message', method: 'PUT', body: '{}' }, 405, 'METHOD_NOT_ALLOWED'],
    ['a message of 65 KB', { path: '/wx/message', body: ' '.repeat(65_537) }, 413, 'PAYLOAD_TOO_LARGE'],
    [
      'a compressed message',
      { path: '/wx/message', body: '{}', headers: { 'content-encoding': 'gzip' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'XML where it is not WeChat who asks',
      { path: '/auth/wechat/login', body: '<xml/>', headers: { 'content-type': 'text/xml' } },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  ])('%s is refused', async (_what, send, status, code) => {
    const answer = await world.ask(send);
    expect([answer.status, answer.json?.errors?.[0]?.extensions?.code]).toEqual([status, code]);
  });

  test('W-10 neither secret nor key nor token is in the log', () => {
    const log = JSON.stringify(world.gateway.log());
    for (const secret of [...world.secrets(), push.token, push.encodingAesKey])
      expect(log).not.toContain(secret);
  });
});

describe('behind the private link of 云托管', () => {
  const headers = { 'x-wx-source': 'wx_client', 'x-wx-appid': appId, 'x-wx-openid': 'o-carl' };
  const path = '/auth/wechat/login';
  const login = { path, headers, body: {} };

  test('the person that the headers name is logged in without a code', async () => {
    const world = await start({ trustedHeaders: true });
    try {
      const { json } = await world.ask(login);
      expect(json).toMatchObject({ user: { id: 'o-carl', roles: ['USER'] } });
      const token = `${json?.accessToken}`;
      expect((await askMe(world, token)).status).toBe(200);

      const profile = await world.ask({
        path: '/auth/wechat/profile',
        headers: { authorization: `Bearer ${token}` },
        body: { encryptedData: 'AAAA', iv: 'AAAA' },
      });
      expect(profile.json?.errors?.[0]?.extensions?.code).toBe('WECHAT_DATA_INVALID');
      expect(world.wechatCalls('/sns/jscode2session')).toBe(0);
    } finally {
      await world.close();
    }
  });

  test('X-04 people are counted by who they are, for the link has few addresses for all of them', async () => {
    const none = { requests: 0 };
    const login = { address: { requests: 2, seconds: 3_600 }, app: none, code: none };
    const world = await start({ trustedHeaders: true }, { rates: { login } });
    const logInAs = async (openid: string): Promise<number> =>
      (await world.ask({ path, headers: { ...headers, 'x-wx-openid': openid }, body: {} })).status;
    try {
      const statuses: number[] = [];
      for (const openid of ['o-a', 'o-b', 'o-c', 'o-a', 'o-a']) statuses.push(await logInAs(openid));
      expect(statuses).toEqual([200, 200, 200, 200, 429]);
    } finally {
      await world.close();
    }
  });

  test('W-08 anywhere else the headers log nobody in', async () => {
    const world = await start({});
    try {
      expect((await world.ask(login)).status).toBe(400);
      expect(world.fetches()).toBe(0);
    } finally {
      await world.close();
    }
  });
});

test.each([
  ['no secret', {}, 'secret: give either secret or secretFile'],
  ['two secrets', { secret: 'a', secretFile: 'b' }, 'secret: give either secret or secretFile'],
  [
    'a key of 42 characters',
    { secret: 'a', push: { token: 'abc', encodingAesKey: 'a'.repeat(42) } },
    'push.encodingAesKey: must have the 43 characters of EncodingAESKey',
  ],
])('an app with %s is named among the problems', (_what, app, problem) => {
  const input = { dev: true, supergraph: 's', internalKey: testInternalKey, wechat: { apps: { wx1: app } } };
  expect(() => parseConfig(input)).toThrowError(`  wechat.apps.wx1.${problem}`);
});

const services = (app: object) => {
  const { wechat } = parseConfig({
    dev: true,
    supergraph: 's',
    internalKey: testInternalKey,
    wechat: { apps: { wx1: app } },
  });
  return createWechatServices(wechat, { now: Date.now, onTrouble: () => {} });
};

test('a secret file that is not there is named', async () => {
  await expect(services({ secretFile: '/nowhere/secret' })).rejects.toThrowError(
    'The file /nowhere/secret of the mini-program wx1 cannot be read.',
  );
});

test('keys for API security that cannot be used are named without being shown', async () => {
  const apiSecurity = {
    symmetricKeySerial: '1',
    symmetricKey: 'c2hvcnQ=',
    privateKeyFile: secretFile,
    platformCertificateFiles: { 1: secretFile },
  };
  await expect(services({ secret: 'a', apiSecurity })).rejects.toThrowError(
    /^The keys of apiSecurity of wx1 cannot be used: RSA and AES256 are\.$/,
  );
});
