/** Logs a WeChat user in: code → identity → user → session → access token. */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import type { IdentityToRegister, RegisteredUser } from './register-identity.ts';
import type { SessionStore } from './session-store.ts';
import type { SessionTokens } from './session-token.ts';
import type { Code2Session } from './wechat/code2session.ts';
import type { OncePerCode } from './wechat/once-per-code.ts';
import type { TrustedIdentity } from './wechat/trusted-headers.ts';

export interface LoginAnswer {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresInSeconds: number;
  readonly user: { readonly id: string; readonly roles: readonly string[] };
  /** Where requests may be signed: the session's key, in base64, its id, and what this deployment is called in them. */
  readonly signingKey?: string;
  readonly signingKeyId?: string;
  readonly signingAudience?: string;
}

export type SigningAnswer = Required<Pick<LoginAnswer, 'signingKey' | 'signingKeyId' | 'signingAudience'>>;

export interface LoginParts {
  readonly code2session: Code2Session;
  readonly oncePerCode: OncePerCode<LoginAnswer>;
  readonly sessions: SessionStore;
  readonly tokens: SessionTokens;
  readonly tokenLifetimeSeconds: number;
  /** What the client signs by; without it requests are not signed. */
  readonly giveSigningKey: ((sessionId: string, appId: string) => SigningAnswer) | undefined;
  /** Who the network itself vouches for; they need no code. */
  readTrustedIdentity(headers: IncomingHttpHeaders): TrustedIdentity | undefined;
  register(identity: IdentityToRegister, requestId: string): Promise<RegisteredUser>;
}

export interface LoginRequest {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export type Login = (request: LoginRequest) => Promise<LoginAnswer>;

const loginBody = z.object({ appId: z.string().min(1).max(64), code: z.string() });

/** WeChat's codes have 32 characters. */
const maxCodeLength = 256;

/** Long enough that nobody guesses another's. */
const idempotencyKeyFormat = /^[\w-]{16,64}$/;

/** The function throws what `Code2Session` does, and BAD_REQUEST for a body of another shape. WeChat is not asked about what cannot be a code. */
export function createLogin(parts: LoginParts): Login {
  const begin = async (
    { appId, openid, unionid }: IdentityToRegister,
    sessionKey: string,
    requestId: string,
  ): Promise<LoginAnswer> => {
    const { userId, roles } = await parts.register({ appId, openid, unionid }, requestId);
    const session = parts.sessions.create({ userId, roles, appId, openid, sessionKey });
    return {
      accessToken: await parts.tokens.issue({ sessionId: session.id, userId }),
      tokenType: 'Bearer',
      expiresInSeconds: parts.tokenLifetimeSeconds,
      user: { id: userId, roles },
      ...parts.giveSigningKey?.(session.id, appId),
    };
  };
  return async ({ id, headers, body }) => {
    const trusted = parts.readTrustedIdentity(headers);
    if (trusted) return begin(trusted, '', id);
    const request = loginBody.safeParse(body);
    if (!request.success)
      throw new RequestError('BAD_REQUEST', 'Send { "appId": …, "code": … } with the code of wx.login.');
    const { appId, code } = request.data;
    if (code === '' || code.length > maxCodeLength)
      throw new RequestError('INVALID_CODE', 'This is no code of wx.login. Call it again.');
    const key = headers['idempotency-key'];
    const idempotencyKey = typeof key === 'string' && idempotencyKeyFormat.test(key) ? key : undefined;
    return parts.oncePerCode({ appId, code, idempotencyKey }, async () => {
      const { openid, unionid, sessionKey } = await parts.code2session.exchange(appId, code);
      return begin({ appId, openid, unionid }, sessionKey, id);
    });
  };
}
