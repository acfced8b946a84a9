/** WeChat's side of "API 安全": checks and opens sealed calls, seals and signs the answers. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  sign,
  verify,
} from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';

export interface ApiSecurityKeys {
  readonly symmetricKeySerial: string;
  /** Base64 of 32 bytes. */
  readonly symmetricKey: string;
  /** The app's, in PEM. */
  readonly appPublicKey: string;
  /** WeChat's, in PEM. */
  readonly platformPrivateKey: string;
  readonly platformSerial: string;
}

export interface Exchanged {
  readonly address: string;
  readonly appId: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

const sealedBody = z.object({ iv: z.base64(), data: z.base64(), authtag: z.base64() });
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

/** The parameters, or the errcode for what cannot be opened. */
export function openCall(
  address: string,
  appId: string,
  headers: IncomingHttpHeaders,
  text: string,
  keys: ApiSecurityKeys,
  nowSeconds: number,
): Record<string, unknown> | number {
  const timestamp = Number(headers['wechatmp-timestamp']);
  const signature = headers['wechatmp-signature'];
  if (headers['wechatmp-appid'] !== appId || typeof signature !== 'string' || !timestamp) return 40230;
  if (Math.abs(nowSeconds - timestamp) > 300) return 40240;
  const signed = Buffer.from([address, appId, timestamp, text].join('\n'));
  const key = createPublicKey(keys.appPublicKey);
  if (!verify('sha256', signed, { key, ...pss }, Buffer.from(signature, 'base64'))) return 40234;
  try {
    const { iv, data, authtag } = sealedBody.parse(JSON.parse(text));
    const decipher = createDecipheriv(
      'aes-256-gcm',
      Buffer.from(keys.symmetricKey, 'base64'),
      Buffer.from(iv, 'base64'),
    );
    decipher
      .setAAD(toAssociated({ address, appId, timestamp }, keys))
      .setAuthTag(Buffer.from(authtag, 'base64'));
    const plain = JSON.parse(decipher.update(data, 'base64', 'utf8') + decipher.final('utf8'));
    return plain._appid === appId && plain._timestamp === timestamp ? plain : 40235;
  } catch {
    return 40235;
  }
}

export function sealAnswer(
  { address, appId, timestamp }: Exchanged,
  answer: object,
  keys: ApiSecurityKeys,
  randomBytes: (count: number) => Buffer,
): { headers: Record<string, string>; text: string } {
  const plain = { _n: randomBytes(16).toString('base64'), _appid: appId, _timestamp: timestamp, ...answer };
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(keys.symmetricKey, 'base64'), iv);
  cipher.setAAD(toAssociated({ address, appId, timestamp }, keys));
  const data = cipher.update(JSON.stringify(plain), 'utf8', 'base64') + cipher.final('base64');
  const text = JSON.stringify({
    iv: iv.toString('base64'),
    data,
    authtag: cipher.getAuthTag().toString('base64'),
  });
  const signature = sign('sha256', Buffer.from([address, appId, timestamp, text].join('\n')), {
    key: createPrivateKey(keys.platformPrivateKey),
    ...pss,
  });
  return {
    headers: {
      'wechatmp-appid': appId,
      'wechatmp-timestamp': String(timestamp),
      'wechatmp-serial': keys.platformSerial,
      'wechatmp-signature': signature.toString('base64'),
    },
    text,
  };
}

function toAssociated({ address, appId, timestamp }: Exchanged, keys: ApiSecurityKeys): Buffer {
  return Buffer.from([address, appId, timestamp, keys.symmetricKeySerial].join('|'));
}
