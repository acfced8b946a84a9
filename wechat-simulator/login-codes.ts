/** The codes that `wx.login` gives: made for one user of one app, spent by one exchange. */

export const codeLifetimeMs = 5 * 60_000;

/** Codes that never expire and are good for any app, any number of times. */
const reusableCodes = new Map([
  // What the WeChat developer tools send for a project that has no app id of its own.
  ['the code is a mock one', 'o-mock-user'],
  ['simulator:user', 'o-sim-user'],
  ['simulator:admin', 'o-sim-admin'],
  ['simulator:super', 'o-sim-super'],
]);

interface IssuedCode {
  readonly appId: string;
  readonly openid: string;
  readonly expiresAt: number;
  used: boolean;
}

export interface LoginCodes {
  issue(appId: string, openid: string): string;
  /** Spends the code. Without an openid, the errcode says why. */
  redeem(appId: string, code: string): { readonly openid: string } | { readonly errcode: number };
}

export function createLoginCodes(options: {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
}): LoginCodes {
  const issued = new Map<string, IssuedCode>();

  function forgetExpired(): void {
    const now = options.now();
    // Insertion order is expiry order, so the first code still valid ends the walk.
    for (const [code, { expiresAt }] of issued) {
      if (expiresAt > now) return;
      issued.delete(code);
    }
  }

  return {
    issue(appId, openid) {
      forgetExpired();
      const code = options.randomBytes(24).toString('base64url');
      issued.set(code, { appId, openid, expiresAt: options.now() + codeLifetimeMs, used: false });
      return code;
    },
    redeem(appId, code) {
      const reusable = reusableCodes.get(code);
      if (reusable) return { openid: reusable };
      forgetExpired();
      const found = issued.get(code);
      if (!found || found.appId !== appId) return { errcode: 40029 };
      if (found.used) return { errcode: 40163 };
      found.used = true;
      return { openid: found.openid };
    },
  };
}
