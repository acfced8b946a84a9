/** Checks and opens what WeChat's message push sends in safe mode. */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

/** From the page "消息推送" of the mini-program's console. */
export interface PushKeys {
  readonly token: string;
  /** 43 characters: base64 of 32 bytes without the last sign. */
  readonly encodingAesKey: string;
}

const blockBytes = 32;
const randomLength = 16;
const lengthLength = 4;

/** In base64; the JSON of some writers has a backslash before each slash. */
const sealedField = /"\s*Encrypt\s*"\s*:\s*"\s*([\w+/=\\]+)|<\s*Encrypt\s*>\s*(?:<!\[CDATA\[)?\s*([\w+/=]+)/;

/**
 * The sealed message in what was pushed, JSON or XML. The rest is not read: nobody vouches for it, and who sends what WeChat
 * has not signed is to cost little.
 */
export function findSealed(body: Buffer): string | undefined {
  const [, inJson, inXml] = sealedField.exec(body.toString('latin1')) ?? [];
  return inJson?.replaceAll('\\/', '/') ?? inXml;
}

/** SHA-1 over the parts, sorted and joined: of token, timestamp and nonce, and of the sealed message where there is one. */
export function isSignedBy(signature: string, parts: readonly string[]): boolean {
  const expected = createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');
  const [given, wanted] = [Buffer.from(signature, 'latin1'), Buffer.from(expected, 'latin1')];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** The message, or `undefined` when it is not sealed for this app by this key. Its signature must have been checked before. */
export function openPush(sealed: string, { encodingAesKey }: PushKeys, appId: string): string | undefined {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const bytes = Buffer.from(sealed, 'base64');
  if (key.length !== 32 || bytes.length === 0 || bytes.length % 16 !== 0) return undefined;
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  const padded = Buffer.concat([decipher.update(bytes), decipher.final()]);
  // PKCS#7 as WeChat does it, in blocks of 32 bytes, which is more than Node would take off.
  const padding = padded.at(-1) ?? 0;
  if (padding < 1 || padding > blockBytes || padding > padded.length) return undefined;
  const plain = padded.subarray(0, padded.length - padding);
  const start = randomLength + lengthLength;
  if (plain.length < start) return undefined;
  const end = start + plain.readUInt32BE(randomLength);
  if (end > plain.length || plain.subarray(end).toString('utf8') !== appId) return undefined;
  return plain.subarray(start, end).toString('utf8');
}
