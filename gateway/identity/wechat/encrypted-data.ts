/** Reads what wx APIs hand over encrypted by the session key, or signed by it. */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';
import { RequestError } from '../../errors.ts';
import type { WechatSession } from './wechat-session.ts';

export interface EncryptedData {
  /** Base64. */
  readonly encryptedData: string;
  /** Base64 of 16 bytes. */
  readonly iv: string;
}

export interface SignedData {
  /** JSON, as wx gave it. */
  readonly rawData: string;
  /** SHA-1 of it and the session key, in hexadecimal. */
  readonly signature: string;
}

export type UserData = Readonly<Record<string, unknown>>;

/** Told of data that one of our keys opens and that is of another app: somebody tries what they found elsewhere. */
export type OnForeignData = (found: { readonly appId: string; readonly foreignAppId: string }) => void;

/** How old data may be, and how far ahead WeChat's clock may be of ours. */
const maxAgeSeconds = 300;
const maxAheadSeconds = 30;

const blockBytes = 16;

/**
 * The data with its watermark, by whichever of the session's keys opens it.
 *
 * Every failure is one error: who changes bytes and watches the answers must not learn what became of them.
 *
 * @throws WECHAT_DATA_INVALID
 */
export function decryptUserData(
  { appId, openid, sessionKeys }: WechatSession,
  data: EncryptedData,
  nowMs: number,
  onForeignData: OnForeignData = () => {},
): UserData {
  // Each key is tried to the end, also after another has opened the data, so that time tells nothing either.
  const opened = sessionKeys.map((key) => decrypt(key, data));
  const found = opened.find((each) => each !== undefined);
  if (!found) throw invalidData();
  const { watermark, openId } = found as {
    watermark?: { appid?: unknown; timestamp?: unknown };
    openId?: unknown;
  };
  if (typeof watermark?.appid === 'string' && watermark.appid !== appId)
    onForeignData({ appId, foreignAppId: watermark.appid.slice(0, 32) });
  const ageSeconds = nowMs / 1000 - Number(watermark?.timestamp);
  const isFresh = ageSeconds <= maxAgeSeconds && ageSeconds >= -maxAheadSeconds;
  const isOurs = watermark?.appid === appId && (openId === undefined || openId === openid);
  if (!isFresh || !isOurs) throw invalidData();
  return found;
}

/** AES-128-CBC with PKCS#7. `undefined` for whatever goes wrong, each time after the same steps. */
function decrypt(sessionKey: string, { encryptedData, iv }: EncryptedData): UserData | undefined {
  const [key, vector, text] = [sessionKey, iv, encryptedData].map((part) => Buffer.from(part, 'base64')) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  if (key.length !== blockBytes || vector.length !== blockBytes) return undefined;
  if (text.length === 0 || text.length % blockBytes !== 0) return undefined;
  const decipher = createDecipheriv('aes-128-cbc', key, vector).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(text), decipher.final()]);
  const padding = padded.at(-1) ?? 0;
  const isPadded =
    padding >= 1 && padding <= blockBytes && padded.subarray(-padding).every((byte) => byte === padding);
  const plain = padded.subarray(0, padded.length - (isPadded ? padding : 1)).toString('utf8');
  const value = parseJson(plain);
  return isPadded && typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as UserData)
    : undefined;
}

/** The data, which then is what wx gave to this person's phone. @throws WECHAT_DATA_INVALID */
export function verifyRawData({ sessionKeys }: WechatSession, { rawData, signature }: SignedData): UserData {
  const given = Buffer.from(signature.toLowerCase(), 'latin1');
  const matches = sessionKeys.map((key) => {
    const expected = Buffer.from(createHash('sha1').update(rawData).update(key).digest('hex'), 'latin1');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  const value = parseJson(rawData);
  if (!matches.includes(true) || typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidData();
  return value as UserData;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalidData(): RequestError {
  return new RequestError(
    'WECHAT_DATA_INVALID',
    'This data cannot be read for this session. Log in again, then ask wx for the data anew.',
  );
}
