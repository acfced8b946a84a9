/** The session key of each person in each app: one at a time, made by a login. */
import { createHmac } from 'node:crypto';

export interface SessionKeys {
  /** Makes a new key; the one before ends. */
  renew(appId: string, openid: string): string;
  current(appId: string, openid: string): string | undefined;
  /** The one before, which WeChat has forgotten and a gateway may still hold. */
  previous(appId: string, openid: string): string | undefined;
  /** The errcode of a signature that the current key did not make. */
  refusal(appId: string, proof: Proof): number | undefined;
}

export interface Proof {
  readonly openid: string;
  readonly signature: string;
  readonly sigMethod: string;
}

export function createSessionKeys(randomBytes: (count: number) => Buffer): SessionKeys {
  const keys = new Map<string, string[]>();
  const idOf = (appId: string, openid: string): string => JSON.stringify([appId, openid]);
  const keyAt = (appId: string, openid: string, index: number): string | undefined =>
    keys.get(idOf(appId, openid))?.[index];
  return {
    renew(appId, openid) {
      const key = randomBytes(16).toString('base64');
      keys.set(idOf(appId, openid), [key, ...(keys.get(idOf(appId, openid)) ?? [])].slice(0, 2));
      return key;
    },
    current: (appId, openid) => keyAt(appId, openid, 0),
    previous: (appId, openid) => keyAt(appId, openid, 1),
    refusal(appId, { openid, signature, sigMethod }) {
      if (sigMethod !== 'hmac_sha256') return 87008;
      const key = keyAt(appId, openid, 0);
      // The text of the key signs, not the bytes it encodes; what is signed is nothing.
      return key && createHmac('sha256', key).update('').digest('hex') === signature ? undefined : 87009;
    },
  };
}
