/** The codes that a getPhoneNumber button gives: of one person, for one use within five minutes. */

const codeLifetimeMs = 5 * 60_000;

interface IssuedCode {
  readonly appId: string;
  readonly openid: string;
  readonly phoneNumber: string;
  readonly expiresAt: number;
}

export interface PhoneCodes {
  issue(appId: string, openid: string, phoneNumber: string): string;
  /** Spends the code. `undefined` when it is not this app's, or not this person's where one is named. */
  redeem(appId: string, code: string, openid: string | undefined): string | undefined;
}

export function createPhoneCodes(options: {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
}): PhoneCodes {
  const issued = new Map<string, IssuedCode>();
  return {
    issue(appId, openid, phoneNumber) {
      const code = options.randomBytes(32).toString('hex');
      issued.set(code, { appId, openid, phoneNumber, expiresAt: options.now() + codeLifetimeMs });
      return code;
    },
    redeem(appId, code, openid) {
      const found = issued.get(code);
      if (!found || found.appId !== appId || (openid !== undefined && found.openid !== openid))
        return undefined;
      issued.delete(code);
      return found.expiresAt > options.now() ? found.phoneNumber : undefined;
    },
  };
}
