/** Finds the keys of WeChat's encrypted channel ("用户加密网络通道"), which the phone has too and the network never sees. */
import { z } from 'zod';
import { type CallServerApi, toWechatRefusal } from './server-api.ts';
import { isInvalidSignature, staleSessionKey, toSessionKeyProof } from './session-key.ts';
import type { WechatSession } from './wechat-session.ts';

export interface UserEncryptKey {
  /** Base64 of 16 bytes. */
  readonly encryptKey: string;
  /** 16 characters. */
  readonly iv: string;
  readonly version: number;
}

export interface UserEncryptKeys {
  /**
   * The key that the phone named by its version. `undefined` when WeChat has none of that version.
   *
   * @throws SESSION_KEY_STALE, RATE_LIMITED, WECHAT_UNAVAILABLE
   */
  find(session: WechatSession, version: number): Promise<UserEncryptKey | undefined>;
}

export interface UserEncryptKeysOptions {
  readonly callApi: CallServerApi;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The oldest make room beyond this. Default 10,000. */
  readonly maxPeople?: number;
}

/** WeChat's keys live this long. */
const maxAgeSeconds = 3_600;
/** However many versions a phone makes up, WeChat is asked once in this time. */
const minIntervalMs = 10_000;

const keyList = z.object({
  key_info_list: z.array(
    z.object({
      encrypt_key: z.string().min(1),
      iv: z.string().min(1),
      version: z.number().int(),
      expire_in: z.number(),
    }),
  ),
});

interface Known {
  readonly askedAt: number;
  /** `undefined` when WeChat does not take the session key. */
  readonly keys: Promise<readonly (UserEncryptKey & { readonly expiresAt: number })[] | undefined>;
}

export function createUserEncryptKeys({
  callApi,
  now,
  maxPeople = 10_000,
}: UserEncryptKeysOptions): UserEncryptKeys {
  const known = new Map<string, Known>();

  async function load({ appId, openid, sessionKeys }: WechatSession): Promise<Awaited<Known['keys']>> {
    for (const sessionKey of sessionKeys) {
      const reply = await callApi({
        appId,
        method: 'GET',
        path: '/wxa/business/getuserencryptkey',
        query: toSessionKeyProof(openid, sessionKey),
        repeatable: true,
      });
      if (!reply.ok && isInvalidSignature(reply.errcode)) continue;
      const answer = reply.ok ? keyList.safeParse(reply.data) : undefined;
      if (!answer?.success) throw toWechatRefusal(reply.ok ? undefined : reply.errcode);
      return answer.data.key_info_list.map(({ encrypt_key, iv, version, expire_in }) => ({
        encryptKey: encrypt_key,
        iv,
        version,
        expiresAt: now() + Math.min(expire_in, maxAgeSeconds) * 1000,
      }));
    }
    return undefined;
  }

  function ask(id: string, session: WechatSession): Known {
    const asked = { askedAt: now(), keys: load(session) };
    known.delete(id);
    known.set(id, asked);
    asked.keys.catch(() => known.get(id) === asked && known.delete(id));
    const [oldest] = known.keys();
    if (known.size > maxPeople && oldest !== undefined) known.delete(oldest);
    return asked;
  }

  return {
    async find(session, version) {
      // By the session key too: who has just logged in again need not wait.
      const id = JSON.stringify([session.appId, session.openid, session.sessionKeys[0]]);
      const pick = async ({ keys }: Known): Promise<UserEncryptKey | undefined> => {
        const held = await keys;
        if (!held) throw staleSessionKey();
        const found = held.find((key) => key.version === version && key.expiresAt > now());
        return found && { encryptKey: found.encryptKey, iv: found.iv, version };
      };
      const before = known.get(id);
      if (before && now() - before.askedAt < minIntervalMs) return pick(before);
      const found = before && (await before.keys) && (await pick(before));
      if (found) return found;
      // Somebody else may have asked meanwhile.
      const latest = known.get(id);
      return pick(latest && latest !== before ? latest : ask(id, session));
    },
  };
}
