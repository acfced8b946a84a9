/** Logs a WeChat user in: code → identity → user → session → access token. */
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import type { IdentityToRegister, RegisteredUser } from './register-identity.ts';
import type { SessionStore } from './session-store.ts';
import type { SessionTokens } from './session-token.ts';
import type { Code2Session } from './wechat/code2session.ts';

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
  readonly sessions: SessionStore;
  readonly tokens: SessionTokens;
  readonly tokenLifetimeSeconds: number;
  /** What the client signs by; without it requests are not signed. */
  readonly giveSigningKey: ((sessionId: string, appId: string) => SigningAnswer) | undefined;
  register(identity: IdentityToRegister, requestId: string): Promise<RegisteredUser>;
}

export type Login = (body: unknown, requestId: string) => Promise<LoginAnswer>;

const loginRequest = z.object({ appId: z.string().min(1).max(64), code: z.string() });

/** WeChat's codes have 32 characters. */
const maxCodeLength = 256;

/** The function throws what `Code2Session` does, and BAD_REQUEST for a body of another shape. WeChat is not asked about what cannot be a code. */
export function createLogin(parts: LoginParts): Login {
  return async (body, requestId) => {
    const request = loginRequest.safeParse(body);
    if (!request.success)
      throw new RequestError('BAD_REQUEST', 'Send { "appId": …, "code": … } with the code of wx.login.');
    const { appId, code } = request.data;
    if (code === '' || code.length > maxCodeLength)
      throw new RequestError('INVALID_CODE', 'This is no code of wx.login. Call it again.');
    const { openid, sessionKey, unionid } = await parts.code2session.exchange(appId, code);
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
}
