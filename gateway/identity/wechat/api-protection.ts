/** Signs and encrypts calls of WeChat's server APIs, and checks and decrypts the answers ("API 安全", RSA and AES). */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  type KeyObject,
  sign,
  verify,
  X509Certificate,
} from 'node:crypto';

/** From the page "API 安全" of the mini-program's console. */
export interface ApiKeys {
  readonly appId: string;
  readonly symmetricKeySerial: string;
  /** 32 bytes. */
  readonly symmetricKey: Buffer;
  /** RSA. Signs what is sent. */
  readonly privateKey: KeyObject;
  /** WeChat's, by serial number: while one replaces another, both. */
  readonly platformKeys: ReadonlyMap<string, KeyObject>;
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;
type Fields = Readonly<Record<string, unknown>>;

export interface ApiProtection {
  /** What to send in place of the parameters; an access token stays outside. */
  seal(address: string, parameters: Fields): { headers: Record<string, string>; body: string };
  /** The parameters answered. A refusal may come unsealed: WeChat could not read what was sent. @throws Error otherwise */
  open(address: string, headers: Headers, text: string, answer: Fields): Fields;
}

export interface ApiProtectionParts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
}

const maxSkewSeconds = 300;
const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };

export function createApiProtection(keys: ApiKeys, { now, randomBytes }: ApiProtectionParts): ApiProtection {
  const nowSeconds = (): number => Math.floor(now() / 1000);
  const associate = (address: string, timestamp: number): Buffer =>
    Buffer.from([address, keys.appId, timestamp, keys.symmetricKeySerial].join('|'));
  const toSigned = (address: string, timestamp: number, text: string): Buffer =>
    Buffer.from([address, keys.appId, timestamp, text].join('\n'));

  return {
    seal(address, { access_token: _, ...parameters }) {
      const timestamp = nowSeconds();
      const plain = {
        _n: randomBytes(16).toString('base64'),
        _appid: keys.appId,
        _timestamp: timestamp,
        ...parameters,
      };
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keys.symmetricKey, iv);
      cipher.setAAD(associate(address, timestamp));
      const data = Buffer.concat([cipher.update(JSON.stringify(plain), 'utf8'), cipher.final()]);
      const body = JSON.stringify({
        iv: iv.toString('base64'),
        data: data.toString('base64'),
        authtag: cipher.getAuthTag().toString('base64'),
      });
      const signature = sign('sha256', toSigned(address, timestamp, body), { key: keys.privateKey, ...pss });
      return {
        headers: {
          'wechatmp-appid': keys.appId,
          'wechatmp-timestamp': String(timestamp),
          'wechatmp-signature': signature.toString('base64'),
        },
        body,
      };
    },

    open(address, headers, text, answer) {
      if (headers['wechatmp-signature'] === undefined && isRefusal(answer)) return answer;
      const timestamp = Number(headers['wechatmp-timestamp']);
      if (!(Math.abs(nowSeconds() - timestamp) <= maxSkewSeconds)) throw new Error('stale');
      if (headers['wechatmp-appid'] !== keys.appId) throw new Error('of another app');
      checkSignature(headers, toSigned(address, timestamp, text), keys.platformKeys);
      const decipher = createDecipheriv('aes-256-gcm', keys.symmetricKey, bytes(answer.iv, 12));
      decipher.setAAD(associate(address, timestamp));
      decipher.setAuthTag(bytes(answer.authtag, 16));
      const plain = Buffer.concat([decipher.update(bytes(answer.data)), decipher.final()]).toString('utf8');
      // App and time need no second look: the seal is bound to those of the headers.
      const { _n, _appid, _timestamp, ...parameters } = JSON.parse(plain);
      return parameters;
    },
  };
}

/** During a change of keys WeChat signs by the old one too. */
function checkSignature(headers: Headers, signed: Buffer, keys: ReadonlyMap<string, KeyObject>): void {
  for (const suffix of ['', '-deprecated']) {
    const key = keys.get(String(headers[`wechatmp-serial${suffix}`]));
    if (!key) continue;
    const signature = bytes(headers[`wechatmp-signature${suffix}`]);
    if (verify('sha256', signed, { key, ...pss }, signature)) return;
    throw new Error('forged');
  }
  throw new Error('signed by an unknown key');
}

function isRefusal({ errcode }: Fields): boolean {
  return typeof errcode === 'number' && errcode !== 0;
}

function bytes(base64: unknown, length?: number): Buffer {
  const decoded = Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64');
  if (length !== undefined && decoded.length !== length) throw new Error('malformed');
  return decoded;
}

/** @throws TypeError when the keys do not belong together */
export function toApiKeys(given: {
  readonly appId: string;
  readonly symmetricKeySerial: string;
  readonly symmetricKeyBase64: string;
  readonly privateKeyPem: string;
  /** Certificates, by serial number. */
  readonly platformPems: Readonly<Record<string, string>>;
}): ApiKeys {
  const symmetricKey = Buffer.from(given.symmetricKeyBase64, 'base64');
  if (symmetricKey.length !== 32) throw new TypeError('The symmetric key is not of 32 bytes.');
  const privateKey = createPrivateKey(given.privateKeyPem);
  if (privateKey.asymmetricKeyType !== 'rsa') throw new TypeError('The private key is not an RSA key.');
  const platformKeys = new Map(
    Object.entries(given.platformPems).map(([serial, pem]) => [serial, new X509Certificate(pem).publicKey]),
  );
  return {
    appId: given.appId,
    symmetricKeySerial: given.symmetricKeySerial,
    symmetricKey,
    privateKey,
    platformKeys,
  };
}
