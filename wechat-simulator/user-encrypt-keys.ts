/** The keys of the encrypted channel, which phone and server both ask WeChat for. */

export interface UserEncryptKey {
  readonly encrypt_key: string;
  /** 16 characters. */
  readonly iv: string;
  readonly version: number;
  /** Seconds since 1970. */
  readonly create_time: number;
}

export interface UserEncryptKeys {
  /** The phone's `getLatestUserKey`: makes a key when there is none that holds, or a new one is asked for. */
  latest(appId: string, openid: string, renew: boolean): UserEncryptKey & { readonly expire_in: number };
  /** The last three, newest first. */
  list(appId: string, openid: string): (UserEncryptKey & { readonly expire_in: number })[];
}

const lifetimeSeconds = 3_600;
const kept = 3;

export function createUserEncryptKeys(options: {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
}): UserEncryptKeys {
  const keys = new Map<string, UserEncryptKey[]>();
  const nowSeconds = (): number => Math.floor(options.now() / 1000);
  const idOf = (appId: string, openid: string): string => JSON.stringify([appId, openid]);
  const withRest = (key: UserEncryptKey) => ({
    ...key,
    expire_in: Math.max(0, key.create_time + lifetimeSeconds - nowSeconds()),
  });
  return {
    latest(appId, openid, renew) {
      const before = keys.get(idOf(appId, openid)) ?? [];
      const [newest] = before;
      if (newest && !renew && withRest(newest).expire_in > 0) return withRest(newest);
      const made = {
        encrypt_key: options.randomBytes(16).toString('base64'),
        iv: options.randomBytes(8).toString('hex'),
        version: (newest?.version ?? 0) + 1,
        create_time: nowSeconds(),
      };
      keys.set(idOf(appId, openid), [made, ...before].slice(0, kept));
      return withRest(made);
    },
    list: (appId, openid) => (keys.get(idOf(appId, openid)) ?? []).map(withRest),
  };
}
