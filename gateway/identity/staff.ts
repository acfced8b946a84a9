/** Logs staff in for pages of the back office: ID token → session → cookie. */
import type { IncomingHttpHeaders } from 'node:http';
import type { ReportSecurityEvent } from '../abuse/security-event.ts';
import { type Scope, toAccount, toUserId } from './account.ts';
import { checkBan, checkScope, unauthenticated } from './authenticate.ts';
import type { FindBan } from './bans.ts';
import type { LoginRequest } from './login.ts';
import type { OidcLogin } from './oidc-login.ts';
import type { Session } from './session.ts';
import type { SessionClaims } from './session-token.ts';
import type { FoundSession, Sessions } from './sessions.ts';
import type { StaffCookies } from './staff-cookie.ts';

export interface StaffAnswer {
  /** To be sent with every request, in the `minigate-csrf` header. */
  readonly csrfToken: string;
  readonly user: { readonly id: string; readonly roles: readonly string[] };
}

export interface Staff {
  /** @throws what `OidcLogin` does, BANNED, SESSION_UNAVAILABLE */
  logIn(request: LoginRequest): Promise<StaffAnswer & { readonly cookie: string }>;
  /** For a page that was loaded anew. @throws UNAUTHENTICATED, BANNED, SESSION_UNAVAILABLE */
  whoIs(headers: IncomingHttpHeaders, scope: Scope): Promise<StaffAnswer>;
  /** @throws UNAUTHENTICATED, SESSION_UNAVAILABLE */
  logOut(headers: IncomingHttpHeaders): Promise<void>;
  /** Whom a cookie names, whoever sends it and whether or not the session lasts. Asks no store. */
  claimsOf(headers: IncomingHttpHeaders): SessionClaims | undefined;
  /** Whom a cookie with its header names; `undefined` when the header is not there. Asks no store. @throws UNAUTHENTICATED, BANNED */
  check(headers: IncomingHttpHeaders, scope: Scope): SessionClaims | undefined;
  /** The session, of which the issuer has spoken within `maxRolesAgeMs`. @throws UNAUTHENTICATED, BANNED, SESSION_UNAVAILABLE */
  find(claims: SessionClaims): Promise<FoundSession>;
  readonly clearedCookie: string;
}

export interface StaffParts {
  readonly oidc: OidcLogin;
  readonly sessions: Sessions;
  readonly findBan: FindBan;
  readonly cookies: StaffCookies;
  readonly report: ReportSecurityEvent;
  /** How long the word of the issuer is enough. */
  readonly maxRolesAgeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createStaff({
  oidc,
  sessions,
  findBan,
  cookies,
  maxRolesAgeMs,
  now,
  report,
}: StaffParts): Staff {
  const find: Staff['find'] = async (claims) => {
    const found = await sessions.find(claims);
    if (!found || now() - found.session.rolesAt > maxRolesAgeMs) throw unauthenticated(claims.userId);
    checkBan(findBan, claims.userId, found.session.appId);
    return found;
  };
  const toAnswer = (session: Session, csrfToken: string): StaffAnswer => ({
    csrfToken,
    user: { id: toUserId(session.environment, session.userId), roles: session.roles },
  });
  return {
    async logIn({ id: requestId, body, address, scope }) {
      const person = await oidc.verify(body);
      const { appId } = person;
      const userId = toAccount(scope, person.userId);
      checkBan(findBan, userId, appId);
      report({ event: 'LOGIN_SUCCEEDED', userId, appId, address, requestId });
      const { session } = await sessions.create({ ...person, userId, environment: scope });
      const claims = { userId: session.userId, sessionId: session.id };
      const { cookie, csrfToken } = cookies.create(claims, Math.floor(maxRolesAgeMs / 1000));
      return { ...toAnswer(session, csrfToken), cookie };
    },
    claimsOf: cookies.read,
    async whoIs(headers, scope) {
      const claims = cookies.read(headers);
      if (!claims) throw unauthenticated();
      checkScope(scope, claims.userId);
      const { session } = await find(claims);
      return toAnswer(session, claims.csrfToken);
    },
    async logOut(headers) {
      const claims = cookies.check(headers);
      if (!claims) throw unauthenticated(cookies.read(headers)?.userId);
      await sessions.end(claims);
    },
    check(headers, scope) {
      const claims = cookies.check(headers);
      if (!claims) return undefined;
      checkScope(scope, claims.userId);
      checkBan(findBan, claims.userId);
      return claims;
    },
    find,
    clearedCookie: cookies.cleared,
  };
}
