/** "API 安全": answers held against WeChat's published example, calls against the simulator, which has the other half of the keys. */
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import {
  type ApiKeys,
  createApiProtection,
  type Headers,
  toApiKeys,
} from '../../../../gateway/identity/wechat/api-protection.ts';
import { loadPhoneNumber } from '../../../../gateway/identity/wechat/phone-number.ts';
import { platformCertificate, publishedAnswer } from './published-answer.ts';
import { startWechat, type TestWechat, testAppId } from './start-wechat.ts';

const rsa = (): { publicKey: string; privateKey: string } =>
  generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const ours = rsa();

const address = 'https://api.weixin.qq.com/wxa/getuserriskrank';
const answeredAtMs = 1_635_927_956_000;

function openPublished(
  change: { headers?: Headers; text?: string; nowMs?: number; serial?: string; appId?: string } = {},
): unknown {
  const { headers, text } = publishedAnswer;
  const keys = toApiKeys({
    appId: change.appId ?? 'wxba6223c06417af7b',
    symmetricKeySerial: 'fa05fe1e5bcc79b81ad5ad4b58acf787',
    symmetricKeyBase64: 'otUpngOjU+nVQaWJIC3D/yMLV17RKaP6t4Ot9tbnzLY=',
    privateKeyPem: ours.privateKey,
    platformPems: { [change.serial ?? '79ba700ea147819f640941bceb38b1d1']: platformCertificate },
  });
  const { open } = createApiProtection(keys, { now: () => change.nowMs ?? answeredAtMs, randomBytes });
  const changed = change.text ?? text;
  return open(address, { ...headers, ...change.headers }, changed, JSON.parse(changed));
}

test("the answer of WeChat's documentation is verified and opened", () => {
  expect(openPublished()).toEqual({
    errcode: 0,
    errmsg: 'getuserriskrank succ',
    risk_rank: 0,
    unoin_id: 2258658297,
  });
});

test('during a change of keys the signature by the old key counts as well', () => {
  const { headers } = publishedAnswer;
  const swapped = {
    'wechatmp-serial': 'the-new-one',
    'wechatmp-signature': headers['wechatmp-signature-deprecated'],
    'wechatmp-serial-deprecated': headers['wechatmp-serial'],
    'wechatmp-signature-deprecated': headers['wechatmp-signature'],
  };
  expect(openPublished({ headers: swapped })).toMatchObject({ errcode: 0 });
});

test.each([
  ['300 s old is taken', { nowMs: answeredAtMs + 300_000 }, undefined],
  ['301 s old', { nowMs: answeredAtMs + 301_000 }, 'stale'],
  ['301 s ahead', { nowMs: answeredAtMs - 301_000 }, 'stale'],
  ['without a time', { headers: { 'wechatmp-timestamp': undefined } }, 'stale'],
  ['with another time', { headers: { 'wechatmp-timestamp': '1635927957' } }, 'forged'],
  ['without a signature', { headers: { 'wechatmp-signature': undefined } }, 'forged'],
  ['of another app', { headers: { 'wechatmp-appid': 'wx1' } }, 'of another app'],
  ['for another app', { appId: 'wx1' }, 'of another app'],
  ['signed by a key that is not WeChat’s', { serial: 'another' }, 'signed by an unknown key'],
  ['with a byte changed', { text: publishedAnswer.text.replace('HExs', 'HExt') }, 'forged'],
  ['that is plain', { text: '{"errcode":0,"risk_rank":9}' }, 'forged'],
  ['that is plain and unsigned', plainAnswer('{"risk_rank":9}'), 'forged'],
  ['that is a plain refusal is taken', plainAnswer('{"errcode":40234}'), undefined],
] as const)('an answer %s', (_what, change, error) => {
  const open = () => openPublished(change);
  if (error) expect(open).toThrow(error);
  else expect(open).not.toThrow();
});

function plainAnswer(text: string) {
  return { text, headers: { 'wechatmp-signature': undefined } };
}

let wechat: TestWechat | undefined;
afterEach(() => wechat?.close());

async function startSealed(change: Partial<ApiKeys> = {}): Promise<TestWechat> {
  const platform = rsa();
  const clock = { now: 1_800_000_000_000 };
  const symmetricKey = randomBytes(32);
  const apiSecurity = {
    symmetricKeySerial: 'symmetric-1',
    symmetricKey: symmetricKey.toString('base64'),
    appPublicKey: ours.publicKey,
    platformPrivateKey: platform.privateKey,
    platformSerial: 'platform-1',
  };
  const keys = {
    ...toApiKeys({
      appId: testAppId,
      symmetricKeySerial: 'symmetric-1',
      symmetricKeyBase64: apiSecurity.symmetricKey,
      privateKeyPem: ours.privateKey,
      platformPems: {},
    }),
    platformKeys: new Map([['platform-1', createPublicKey(platform.publicKey)]]),
    ...change,
  };
  const protection = createApiProtection(keys, { now: () => clock.now, randomBytes });
  wechat = await startWechat({ protection, apiSecurity, clock });
  return wechat;
}

async function phoneOf(openid: string): Promise<unknown> {
  const { device, callApi } = wechat as TestWechat;
  const { code } = await device<{ code: string }>('phone-code', { appId: testAppId, openid });
  return loadPhoneNumber(callApi, { appId: testAppId, openid }, code);
}

test('a sealed call is opened by WeChat, and its sealed answer here', async () => {
  await startSealed();
  expect(await phoneOf('o-anna')).toMatchObject({ phoneNumber: '13800138000' });
});

test('a sealed refusal is a refusal', async () => {
  const { callApi } = await startSealed();
  await expect(
    loadPhoneNumber(callApi, { appId: testAppId, openid: 'o-anna' }, 'unknown'),
  ).rejects.toMatchObject({
    code: 'PHONE_CODE_INVALID',
  });
});

test.each([
  ['WeChat cannot open', { symmetricKey: randomBytes(32) }, { errcode: 40235 }],
  ['WeChat does not take for ours', { symmetricKeySerial: 'another' }, { errcode: 40235 }],
  ['is answered by somebody else', { platformKeys: new Map() }, { failure: 'unreadable answer' }],
])('a call that %s is no phone number, and is logged without a secret', async (_what, change, trouble) => {
  const { troubles } = await startSealed(change);
  await expect(phoneOf('o-anna')).rejects.toMatchObject({ code: 'WECHAT_UNAVAILABLE' });
  expect(troubles).toMatchObject([
    { appId: testAppId, path: '/wxa/business/getuserphonenumber', ...trouble },
  ]);
});

test('an app that has switched it on is not served without', async () => {
  wechat = await startWechat({
    apiSecurity: {
      symmetricKeySerial: 's',
      symmetricKey: randomBytes(32).toString('base64'),
      appPublicKey: ours.publicKey,
      platformPrivateKey: ours.privateKey,
      platformSerial: 'p',
    },
  });
  await expect(phoneOf('o-anna')).rejects.toMatchObject({ code: 'WECHAT_UNAVAILABLE' });
});
