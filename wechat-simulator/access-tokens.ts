/** The access token of each app as `stable_token` gives it. */

export interface AccessTokens {
  /** The same token until its last five minutes; then a new one, and both hold until the old one ends. */
  stable(appId: string): { readonly access_token: string; readonly expires_in: number };
  /** A new token at once; those before end. `undefined` sooner than 30 s after the last time. */
  force(appId: string): { readonly access_token: string; readonly expires_in: number } | undefined;
  /** The app of a token, or the errcode for one that does not hold. */
  check(token: string): { readonly appId: string } | { readonly errcode: number };
}

interface Token {
  readonly appId: string;
  readonly text: string;
  readonly expiresAt: number;
}

const lifetimeMs = 7_200_000;
const overlapMs = 300_000;
const minForceIntervalMs = 30_000;

export function createAccessTokens(options: {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
}): AccessTokens {
  const { now, randomBytes } = options;
  const tokens = new Map<string, Token>();
  const current = new Map<string, Token>();
  const forcedAt = new Map<string, number>();

  function make(appId: string): Token {
    const token = { appId, text: randomBytes(96).toString('base64url'), expiresAt: now() + lifetimeMs };
    tokens.set(token.text, token);
    current.set(appId, token);
    return token;
  }

  const toAnswer = ({ text, expiresAt }: Token) => ({
    access_token: text,
    expires_in: Math.floor((expiresAt - now()) / 1000),
  });

  return {
    stable(appId) {
      const token = current.get(appId);
      return toAnswer(token && token.expiresAt - now() > overlapMs ? token : make(appId));
    },
    force(appId) {
      if (now() - (forcedAt.get(appId) ?? 0) < minForceIntervalMs) return undefined;
      forcedAt.set(appId, now());
      for (const token of tokens.values()) if (token.appId === appId) tokens.delete(token.text);
      return toAnswer(make(appId));
    },
    check(text) {
      const token = tokens.get(text);
      if (!token) return { errcode: text === '' ? 41001 : 40001 };
      return token.expiresAt > now() ? { appId: token.appId } : { errcode: 42001 };
    },
  };
}
