/** Logs staff in for pages of the back office: ID token → session → cookie. */
import type { IncomingHttpHeaders } from 'node:http';
import { checkBan, unauthenticated } from './authenticate.ts';
import type { Bans } from './bans.ts';
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
  logIn(body: unknown): Promise<StaffAnswer & { readonly cookie: string }>;
  /** For a page that was loaded anew. @throws UNAUTHENTICATED, BANNED, SESSION_UNAVAILABLE */
  whoIs(headers: IncomingHttpHeaders): Promise<StaffAnswer>;
  /** @throws UNAUTHENTICATED, SESSION_UNAVAILABLE */
  logOut(headers: IncomingHttpHeaders): Promise<void>;
  /** The session of a cookie with its header; `undefined` when the header is not there. @throws as `whoIs` */
  find(headers: IncomingHttpHeaders): Promise<FoundSession | undefined>;
  readonly clearedCookie: string;
}

export interface StaffParts {
  readonly oidc: OidcLogin;
  readonly sessions: Sessions;
  readonly bans: Bans;
  readonly cookies: StaffCookies;
  /** How long the word of the issuer is enough. */
  readonly maxRolesAgeMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createStaff({ oidc, sessions, bans, cookies, maxRolesAgeMs, now }: StaffParts): Staff {
  const findBy = async (claims: SessionClaims): Promise<FoundSession> => {
    checkBan(bans, claims.userId);
    const found = await sessions.find(claims);
    if (!found || now() - found.session.rolesAt > maxRolesAgeMs) throw unauthenticated();
    return found;
  };
  const toAnswer = (session: Session, csrfToken: string): StaffAnswer => ({
    csrfToken,
    user: { id: session.userId, roles: session.roles },
  });
  return {
    async logIn(body) {
      const person = await oidc.verify(body);
      checkBan(bans, person.userId);
      const { session } = await sessions.create(person);
      const claims = { userId: session.userId, sessionId: session.id };
      const { cookie, csrfToken } = cookies.create(claims, Math.floor(maxRolesAgeMs / 1000));
      return { ...toAnswer(session, csrfToken), cookie };
    },
    async whoIs(headers) {
      const claims = cookies.read(headers);
      if (!claims) throw unauthenticated();
      const { session } = await findBy(claims);
      return toAnswer(session, claims.csrfToken);
    },
    async logOut(headers) {
      const claims = cookies.check(headers);
      if (!claims) throw unauthenticated();
      await sessions.end(claims);
    },
    find: async (headers) => {
      const claims = cookies.check(headers);
      return claims && findBy(claims);
    },
    clearedCookie: cookies.cleared,
  };
}
