/** Logs a WeChat user in, and keeps the person logged in: code → identity → user → session → tokens. */
import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { Behaviour, ReportSecurityEvent } from '../abuse/security-event.ts';
import { RequestError } from '../errors.ts';
import { type Scope, toAccount, toUserId } from './account.ts';
import { checkBan, checkScope, unauthenticated } from './authenticate.ts';
import type { FindBan } from './bans.ts';
import type { OidcLogin } from './oidc-login.ts';
import type { RefreshToken, RefreshTokens } from './refresh-token.ts';
import type { IdentityToRegister, RegisteredUser } from './register-identity.ts';
import type { Session } from './session.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';
import type { Sessions } from './sessions.ts';
import type { Code2Session } from './wechat/code2session.ts';
import type { OncePerCode } from './wechat/once-per-code.ts';
import type { ReadTrustedIdentity } from './wechat/trusted-headers.ts';

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
  readonly findBan: FindBan;
  readonly tokenLifetimeSeconds: number;
  /** How old roles may be when who knows them cannot be asked. */
  readonly maxRolesAgeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What the client signs by; without it requests are not signed. */
  readonly giveSigningKey: ((sessionId: string, appId: string) => SigningAnswer) | undefined;
  readonly readTrustedIdentity: ReadTrustedIdentity;
  /** With the user subgraph of that environment. */
  register(identity: IdentityToRegister, requestId: string, scope: Scope): Promise<RegisteredUser>;
  readonly report: ReportSecurityEvent;
}

export interface LoginRequest {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** The block that one network subscriber holds. */
  readonly address: string;
  /** The environment to log in to. */
  readonly scope: Scope;
}

export interface Logins {
  /** @throws what `Code2Session` does, BAD_REQUEST, LOGIN_UNAVAILABLE, BANNED, SESSION_UNAVAILABLE */
  login(request: LoginRequest): Promise<LoginAnswer>;
  /** @throws what `OidcLogin` does, BANNED, SESSION_UNAVAILABLE */
  loginByIdToken(request: LoginRequest): Promise<LoginAnswer>;
  /** The session of the refresh token in a body; `undefined` for a token that was never given out here. Asks no store. */
  sessionToRefresh(body: unknown): SessionClaims | undefined;
  /** Gives new tokens for a refresh token, and asks anew for the roles. @throws BAD_REQUEST, UNAUTHENTICATED, BANNED, LOGIN_UNAVAILABLE, SESSION_UNAVAILABLE */
  refresh(body: unknown, requestId: string, scope: Scope): Promise<LoginAnswer>;
}

/** What `client/device-id.ts` makes of the phone; forgeable. */
const deviceBody = z.object({
  deviceId: z
    .string()
    .regex(/^[\w-]{16,64}$/)
    .optional(),
});
const loginBody = z.object({
  appId: z.string().min(1).max(64),
  code: z.string(),
  ...deviceBody.shape,
});
const refreshRequest = z.object({ refreshToken: z.string() });

/** WeChat's codes have 32 characters. */
const maxCodeLength = 256;

/** Long enough that nobody guesses another's. */
const idempotencyKeyFormat = /^[\w-]{16,64}$/;

export function createLogins(parts: LoginParts): Logins {
  const { code2session, sessions, refreshTokens, tokens, findBan, now } = parts;

  const toAnswer = async (session: Session, refreshToken: string): Promise<LoginAnswer> => ({
    accessToken: await tokens.issue({ sessionId: session.id, userId: session.userId }),
    tokenType: 'Bearer',
    expiresInSeconds: parts.tokenLifetimeSeconds,
    refreshToken,
    user: { id: toUserId(session.environment, session.userId), roles: session.roles },
    ...parts.giveSigningKey?.(session.id, session.appId),
  });

  const begin = async (
    { appId, openid, unionid }: IdentityToRegister,
    sessionKey: string | undefined,
    { id: requestId, address, body, scope }: LoginRequest,
    from: Pick<Behaviour, 'address' | 'sharedAddress'> = { address },
  ): Promise<LoginAnswer> => {
    const { userId: id, roles } = await parts.register({ appId, openid, unionid }, requestId, scope);
    const userId = toAccount(scope, id);
    checkBan(findBan, userId, appId);
    const { deviceId } = deviceBody.safeParse(body).data ?? {};
    parts.report({ event: 'LOGIN_SUCCEEDED', userId, appId, ...from, deviceId, requestId });
    const [{ session, refreshToken }] = await Promise.all([
      sessions.create({ userId, roles: [...roles], appId, openid, unionid, environment: scope }),
      sessionKey === undefined ? undefined : sessions.addSessionKey({ userId, appId, openid }, sessionKey),
    ]);
    return toAnswer(session, refreshToken);
  };

  /** @returns `undefined` when the identity is another user's by now, or its issuer has to say anew who it is */
  const withCurrentRoles = async (session: Session, requestId: string): Promise<Session | undefined> => {
    const { appId, openid, unionid, environment } = session;
    if (parts.oidc.isIssuer(appId))
      return now() - session.rolesAt > parts.maxRolesAgeMs ? undefined : session;
    try {
      const { userId, roles } = await parts.register({ appId, openid, unionid }, requestId, environment);
      return toAccount(environment, userId) === session.userId
        ? { ...session, roles: [...roles], rolesAt: now() }
        : undefined;
    } catch (error) {
      if (now() - session.rolesAt > parts.maxRolesAgeMs) throw error;
      return session;
    }
  };

  const refresh = async (token: RefreshToken, requestId: string): Promise<LoginAnswer> => {
    checkBan(findBan, token.userId);
    const stored = await sessions.read(token);
    if (stored) checkBan(findBan, stored.userId, stored.appId);
    const session = stored && (await withCurrentRoles(stored, requestId));
    if (stored && !session) await sessions.end(token);
    const rotated = session && (await sessions.rotate(token, session));
    if (!rotated) throw unauthenticated(token.userId);
    return toAnswer(rotated.session, rotated.refreshToken);
  };

  // Requests that present one token at once get one answer.
  const refreshing = new Map<string, Promise<LoginAnswer>>();

  return {
    async login(loginRequest) {
      const { headers, body } = loginRequest;
      const trusted = parts.readTrustedIdentity(headers);
      // The link has few addresses for all people.
      if (trusted) return begin(trusted, undefined, loginRequest, { sharedAddress: loginRequest.address });
      const request = loginBody.safeParse(body);
      if (!request.success)
        throw new RequestError(
          'BAD_REQUEST',
          'Send { "appId": …, "code": … } with the code of wx.login, and a "deviceId" of 16 to 64 letters, digits, _ or - if you like.',
        );
      const { appId, code } = request.data;
      // WeChat is not asked about what cannot be a code.
      if (code === '' || code.length > maxCodeLength)
        throw new RequestError('INVALID_CODE', 'This is no code of wx.login. Call it again.');
      const key = headers['idempotency-key'];
      const idempotencyKey = typeof key === 'string' && idempotencyKeyFormat.test(key) ? key : undefined;
      return parts.oncePerCode({ appId, code, idempotencyKey }, async () => {
        const { openid, unionid, sessionKey } = await code2session.exchange(appId, code);
        return begin({ appId, openid, unionid }, sessionKey, loginRequest);
      });
    },
    async loginByIdToken({ id: requestId, body, address, scope }) {
      const staff = await parts.oidc.verify(body);
      const { appId } = staff;
      const userId = toAccount(scope, staff.userId);
      checkBan(findBan, userId, appId);
      parts.report({ event: 'LOGIN_SUCCEEDED', userId, appId, address, requestId });
      const { session, refreshToken } = await sessions.create({ ...staff, userId, environment: scope });
      return toAnswer(session, refreshToken);
    },
    sessionToRefresh(body) {
      const { refreshToken } = refreshRequest.safeParse(body).data ?? {};
      return refreshToken === undefined ? undefined : refreshTokens.parse(refreshToken);
    },
    async refresh(body, requestId, scope) {
      const request = refreshRequest.safeParse(body);
      if (!request.success) throw new RequestError('BAD_REQUEST', 'Send { "refreshToken": … }.');
      const token = refreshTokens.parse(request.data.refreshToken);
      if (!token) throw unauthenticated();
      checkScope(scope, token.userId);
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
