/** What the phone does: here a test or the `wx` stand-in asks for what wx would have given it. */
import { createCipheriv, createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { LoginCodes } from './login-codes.ts';
import type { PhoneCodes } from './phone-codes.ts';
import { pushMessage, verifyAddress } from './push-message.ts';
import type { SessionKeys } from './session-keys.ts';
import type { UserEncryptKeys } from './user-encrypt-keys.ts';

export interface DeviceParts {
  readonly appIds: readonly string[];
  readonly loginCodes: LoginCodes;
  readonly phoneCodes: PhoneCodes;
  readonly sessionKeys: SessionKeys;
  readonly userEncryptKeys: UserEncryptKeys;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
}

const person = { appId: z.string().min(1), openid: z.string().min(1) };
const loginCodeRequest = z.strictObject(person);
const phoneCodeRequest = z.strictObject({ ...person, phoneNumber: z.string().default('13800138000') });
const dataRequest = z.strictObject({
  ...person,
  data: z.record(z.string(), z.unknown()),
  /** `previous` is the key of the login before the last. */
  key: z.enum(['current', 'previous']).default('current'),
  watermark: z.strictObject({ appid: z.string().optional(), timestamp: z.number().optional() }).default({}),
});
const userKeyRequest = z.strictObject({ ...person, renew: z.boolean().default(false) });
const pushKeys = {
  url: z.url(),
  appId: z.string().min(1),
  token: z.string().min(1),
  encodingAesKey: z.string().length(43),
  timestamp: z.int().optional(),
};
const pushRequest = z.strictObject({
  ...pushKeys,
  message: z.record(z.string(), z.union([z.string(), z.number()])),
  format: z.enum(['json', 'xml']).default('json'),
});
const pushAddressRequest = z.strictObject(pushKeys);

export function addDevice(server: FastifyInstance, parts: DeviceParts): void {
  const { randomBytes, sessionKeys } = parts;
  const nowSeconds = (): number => Math.floor(parts.now() / 1000);

  const post = <T extends { appId: string }>(
    path: string,
    schema: z.ZodType<T>,
    act: (request: T) => object | Promise<object>,
  ): void => {
    server.post(`/simulator/${path}`, (request) => {
      const given = schema.parse(parseJson(request.body));
      if (!parts.appIds.includes(given.appId)) throw refuse(`The simulator has no app ${given.appId}.`);
      return act(given);
    });
  };

  function keyOf({
    appId,
    openid,
    key,
  }: {
    appId: string;
    openid: string;
    key: 'current' | 'previous';
  }): string {
    const found = sessionKeys[key](appId, openid);
    if (!found) throw refuse(`${openid} has no ${key} session key in ${appId}: log in first.`);
    return found;
  }

  post('code', loginCodeRequest, ({ appId, openid }) => ({ code: parts.loginCodes.issue(appId, openid) }));

  post('phone-code', phoneCodeRequest, ({ appId, openid, phoneNumber }) => ({
    code: parts.phoneCodes.issue(appId, openid, phoneNumber),
  }));

  post('encrypted-data', dataRequest, (given) => {
    const watermark = { timestamp: nowSeconds(), appid: given.appId, ...given.watermark };
    const iv = randomBytes(16);
    const cipher = createCipheriv('aes-128-cbc', Buffer.from(keyOf(given), 'base64'), iv);
    const text = JSON.stringify({ ...given.data, watermark });
    return {
      encryptedData: cipher.update(text, 'utf8', 'base64') + cipher.final('base64'),
      iv: iv.toString('base64'),
    };
  });

  post('raw-data', dataRequest, (given) => {
    const rawData = JSON.stringify(given.data);
    return {
      rawData,
      signature: createHash('sha1')
        .update(rawData + keyOf(given))
        .digest('hex'),
    };
  });

  post('user-key', userKeyRequest, ({ appId, openid, renew }) => {
    const { encrypt_key, iv, version, expire_in } = parts.userEncryptKeys.latest(appId, openid, renew);
    return { encryptKey: encrypt_key, iv, version, expireTime: expire_in };
  });

  post('push', pushRequest, (given) =>
    pushMessage({ ...given, timestamp: given.timestamp ?? nowSeconds() }, randomBytes),
  );
  post('push-address', pushAddressRequest, (given) =>
    verifyAddress({ ...given, timestamp: given.timestamp ?? nowSeconds() }, randomBytes),
  );
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(`${body}`);
  } catch {
    throw refuse('Send JSON.');
  }
}

function refuse(message: string): Error {
  return Object.assign(new Error(message), { statusCode: 400 });
}
