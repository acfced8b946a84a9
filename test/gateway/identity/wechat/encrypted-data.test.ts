/** What wx encrypted or signed by the session key, held against WeChat's published examples. */
import { createCipheriv, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { decryptUserData, verifyRawData } from '../../../../gateway/identity/wechat/encrypted-data.ts';

const published = {
  appId: 'wx4f4bc4dec97d474b',
  sessionKey: 'tiihtNczf5v6AKRyjwEUhQ==',
  iv: 'r7BXXKkLb8qrSNn05n0qiA==',
  encryptedData: [
    'CiyLU1Aw2KjvrjMdj8YKliAjtP4gsMZMQmRzooG2xrDcvSnxIMXFufNstNGTyaGS9uT5geRa0W4oTOb1WT7fJlAC+oNPdbB+3hVb',
    'JSRgv+4lGOETKUQz6OYStslQ142dNCuabNPGBzlooOmB231qMM85d2/fV6ChevvXvQP8Hkue1poOFtnEtpyxVLW1zAo6/1Xx1COx',
    'Fvrc2d7UL/lmHInNlxuacJXwu0fjpXfz/YqYzBIBzD6WUfTIF9GRHpOn/Hz7saL8xz+W//FRAUid1OksQaQx4CMs8LOddcQhULW4',
    'ucetDf96JcR3g0gfRK4PC7E/r7Z6xNrXd2UIeorGj5Ef7b1pJAYB6Y5anaHqZ9J6nKEBvB4DnNLIVWSgARns/8wR2SiRS7MNACwT',
    'yrGvt9ts8p12PKFdlqYTopNHR1Vf7XjfhQlVsAJdNiKdYmYVoKlaRv85IfVunYzO0IKXsyl7JCUjCpoG20f0a04COwfneQAGGwd5',
    'oa+T8yO5hzuyDb/XcxxmK01EpqOyuxINew==',
  ].join(''),
  openid: 'oGZUI0egBJY1zhBYw2KhdUfwVJJE',
  timestamp: 1_477_314_187,
};

test("the example of WeChat's documentation is decrypted", () => {
  const { appId, openid, sessionKey, timestamp } = published;

  const data = decryptUserData({ appId, openid, sessionKeys: [sessionKey] }, published, timestamp * 1000);

  expect(data).toMatchObject({
    openId: openid,
    nickName: 'Band',
    unionId: 'ocMvos6NjeKLIBqg5Mr9QjxrP1FA',
    watermark: { timestamp, appid: appId },
  });
});

test("the raw data of WeChat's documentation holds against its signature", () => {
  const rawData =
    '{"nickName":"Band","gender":1,"language":"zh_CN","city":"Guangzhou","province":"Guangdong","country":"CN",' +
    '"avatarUrl":"http://wx.qlogo.cn/mmopen/vi_32/1vZvI39NWFQ9XM4LtQpFrQJ1xlgZxx3w7bQxKARol6503Iuswjjn6nIGBiaycAjAtpujxyzYsrztuuICqIM5ibXQ/0"}';
  const signature = '75e81ceda165f4ffa64f4068af58c64b8f54b88c';
  const session = { appId: 'wx1', openid: 'o-1', sessionKeys: ['another', 'HyVFkGl5F5OQWJZZaNzBBg=='] };

  expect(verifyRawData(session, { rawData, signature })).toMatchObject({ nickName: 'Band' });
  expect(() => verifyRawData(session, { rawData: `${rawData} `, signature })).toThrow('cannot be read');
});

const nowMs = 1_800_000_000_000;
const newKey = () => randomBytes(16).toString('base64');

function encrypt(sessionKey: string, text: string, { padding = true } = {}) {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(sessionKey, 'base64'), iv).setAutoPadding(padding);
  return {
    encryptedData: cipher.update(text, 'utf8', 'base64') + cipher.final('base64'),
    iv: iv.toString('base64'),
  };
}

const watermark = { appid: 'wx1', timestamp: nowMs / 1000 };
const sessionWith = (...sessionKeys: string[]) => ({ appId: 'wx1', openid: 'o-1', sessionKeys });

test('W-06 data under the key of the login before is read; under an older one it is not', () => {
  const [oldest, before, newest] = [newKey(), newKey(), newKey()];
  const session = sessionWith(newest, before);
  const text = JSON.stringify({ steps: 7, watermark });

  expect(decryptUserData(session, encrypt(newest, text), nowMs)).toEqual({ steps: 7, watermark });
  expect(decryptUserData(session, encrypt(before, text), nowMs)).toEqual({ steps: 7, watermark });
  expect(() => decryptUserData(session, encrypt(oldest, text), nowMs)).toThrow('cannot be read');
  expect(() => decryptUserData(sessionWith(), encrypt(newest, text), nowMs)).toThrow('cannot be read');
});

test('W-06 whatever is wrong with the data, the error is one and the same', () => {
  const key = newKey();
  const whole = JSON.stringify({ watermark, pad: '' });
  const bad = [
    encrypt(key, `${whole}${'\0'.repeat(16 - (whole.length % 16))}`, { padding: false }),
    encrypt(key, `${whole}${String.fromCharCode(17).repeat(16 - (whole.length % 16))}`, { padding: false }),
    // Whole but for its padding, which says 5 and is 1.
    encrypt(key, `${whole.padEnd(Math.ceil((whole.length + 1) / 16) * 16 - 1)}\u0005`, { padding: false }),
    encrypt(key, 'no JSON'),
    encrypt(key, '[]'),
    encrypt(key, 'null'),
    encrypt(key, '{}'),
    encrypt(key, JSON.stringify({ watermark: { ...watermark, appid: 'wx2' } })),
    encrypt(key, JSON.stringify({ watermark: { ...watermark, timestamp: 'now' } })),
    encrypt(key, JSON.stringify({ watermark, openId: 'o-2' })),
    { encryptedData: '', iv: newKey() },
    { encryptedData: newKey().slice(0, 20), iv: newKey() },
    { ...encrypt(key, whole), iv: newKey() },
  ];

  const errors = bad.map((data) => {
    try {
      return decryptUserData(sessionWith(key), data, nowMs);
    } catch (error) {
      return { ...(error as { code: string }), message: (error as Error).message };
    }
  });

  expect(decryptUserData(sessionWith(key), encrypt(key, whole), nowMs)).toEqual({ watermark, pad: '' });
  expect(new Set(errors.map((error) => JSON.stringify(error))).size).toBe(1);
  expect(errors[0]).toMatchObject({ code: 'WECHAT_DATA_INVALID' });
});
