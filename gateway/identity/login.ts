/** Logs a WeChat user in, and keeps the person logged in: code → identity → user → session → tokens. */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import { checkBan, unauthenticated } from './authenticate.ts';
import type { Bans } from './bans.ts';
import type { OidcLogin } from './oidc-login.ts';
import type { RefreshToken, RefreshTokens } from './refresh-token.ts';
import type { IdentityToRegister, RegisteredUser } from './register-identity.ts';
import type { Session } from './session.ts';
import type { SessionTokens } from './session-token.ts';
import type { Sessions } from './sessions.ts';
import type { Code2Session } from './wechat/code2session.ts';
import type { OncePerCode } from './wechat/once-per-code.ts';
import type { TrustedIdentity } from './wechat/trusted-headers.ts';

export interface LoginAnswer {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresInSeconds: number;
  readonly refreshToken: string;
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
  readonly oidc: OidcLogin;
  readonly sessions: Sessions;
  readonly refreshTokens: RefreshTokens;
  readonly tokens: SessionTokens;
  readonly bans: Bans;
  readonly tokenLifetimeSeconds: number;
  /** How old roles may be when who knows them cannot be asked. */
  readonly maxRolesAgeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
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

export interface Logins {
  /** @throws what `Code2Session` does, BAD_REQUEST, LOGIN_UNAVAILABLE, BANNED, SESSION_UNAVAILABLE */
  login(request: LoginRequest): Promise<LoginAnswer>;
  /** @throws what `OidcLogin` does, BANNED, SESSION_UNAVAILABLE */
  loginByIdToken(body: unknown): Promise<LoginAnswer>;
  /** Gives new tokens for a refresh token, and asks anew for the roles. @throws BAD_REQUEST, UNAUTHENTICATED, BANNED, LOGIN_UNAVAILABLE, SESSION_UNAVAILABLE */
  refresh(body: unknown, requestId: string): Promise<LoginAnswer>;
}

const loginBody = z.object({ appId: z.string().min(1).max(64), code: z.string() });
const refreshRequest = z.object({ refreshToken: z.string() });

/** WeChat's codes have 32 characters. */
const maxCodeLength = 256;

/** Long enough that nobody guesses another's. */
const idempotencyKeyFormat = /^[\w-]{16,64}$/;

export function createLogins(parts: LoginParts): Logins {
  const { code2session, sessions, refreshTokens, tokens, bans, now } = parts;

  const toAnswer = async (session: Session, refreshToken: string): Promise<LoginAnswer> => ({
    accessToken: await tokens.issue({ sessionId: session.id, userId: session.userId }),
    tokenType: 'Bearer',
    expiresInSeconds: parts.tokenLifetimeSeconds,
    refreshToken,
    user: { id: session.userId, roles: session.roles },
    ...parts.giveSigningKey?.(session.id, session.appId),
  });

  const begin = async (
    { appId, openid, unionid }: IdentityToRegister,
    sessionKey: string | undefined,
    requestId: string,
  ): Promise<LoginAnswer> => {
    const { userId, roles } = await parts.register({ appId, openid, unionid }, requestId);
    checkBan(bans, userId);
    const [{ session, refreshToken }] = await Promise.all([
      sessions.create({ userId, roles: [...roles], appId, openid, unionid }),
      sessionKey === undefined ? undefined : sessions.addSessionKey({ userId, appId, openid }, sessionKey),
    ]);
    return toAnswer(session, refreshToken);
  };

  /** @returns `undefined` when the identity is another user's by now, or its issuer has to say anew who it is */
  const withCurrentRoles = async (session: Session, requestId: string): Promise<Session | undefined> => {
    const { appId, openid, unionid } = session;
    if (parts.oidc.isIssuer(appId))
      return now() - session.rolesAt > parts.maxRolesAgeMs ? undefined : session;
    try {
      const { userId, roles } = await parts.register({ appId, openid, unionid }, requestId);
      return userId === session.userId ? { ...session, roles: [...roles], rolesAt: now() } : undefined;
    } catch (error) {
      if (now() - session.rolesAt > parts.maxRolesAgeMs) throw error;
      return session;
    }
  };

  const refresh = async (token: RefreshToken, requestId: string): Promise<LoginAnswer> => {
    checkBan(bans, token.userId);
    const stored = await sessions.read(token);
    const session = stored && (await withCurrentRoles(stored, requestId));
    if (stored && !session) await sessions.end(token);
    const rotated = session && (await sessions.rotate(token, session));
    if (!rotated) throw unauthenticated();
    return toAnswer(rotated.session, rotated.refreshToken);
  };

  // Requests that present one token at once get one answer.
  const refreshing = new Map<string, Promise<LoginAnswer>>();

  return {
    async login({ id, headers, body }) {
      const trusted = parts.readTrustedIdentity(headers);
      if (trusted) return begin(trusted, undefined, id);
      const request = loginBody.safeParse(body);
      if (!request.success)
        throw new RequestError('BAD_REQUEST', 'Send { "appId": …, "code": … } with the code of wx.login.');
      const { appId, code } = request.data;
      // WeChat is not asked about what cannot be a code.
      if (code === '' || code.length > maxCodeLength)
        throw new RequestError('INVALID_CODE', 'This is no code of wx.login. Call it again.');
      const key = headers['idempotency-key'];
      const idempotencyKey = typeof key === 'string' && idempotencyKeyFormat.test(key) ? key : undefined;
      return parts.oncePerCode({ appId, code, idempotencyKey }, async () => {
        const { openid, unionid, sessionKey } = await code2session.exchange(appId, code);
        return begin({ appId, openid, unionid }, sessionKey, id);
      });
    },
    async loginByIdToken(body) {
      const staff = await parts.oidc.verify(body);
      checkBan(bans, staff.userId);
      const { session, refreshToken } = await sessions.create(staff);
      return toAnswer(session, refreshToken);
    },
    async refresh(body, requestId) {
      const request = refreshRequest.safeParse(body);
      if (!request.success) throw new RequestError('BAD_REQUEST', 'Send { "refreshToken": … }.');
      const token = refreshTokens.parse(request.data.refreshToken);
      if (!token) throw unauthenticated();
      const running = refreshing.get(token.text);
      if (running) return running;
      const work = refresh(token, requestId);
      refreshing.set(token.text, work);
      try {
        return await work;
      } finally {
        refreshing.delete(token.text);
      }
    },
  };
}
