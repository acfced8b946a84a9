/** The cookie by which a page of the back office is logged in, and the proof that the page itself asks. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../errors.ts';
import { UserRefusal } from '../user-refusal.ts';
import { createRefreshTokens } from './refresh-token.ts';
import type { SessionClaims } from './session-token.ts';

export interface StaffCookies {
  create(
    claims: SessionClaims,
    maxAgeSeconds: number,
  ): { readonly cookie: string; readonly csrfToken: string };
  /** Whom the cookie names, and its token, whoever asks: enough to tell the page itself, for which no other page can read it. */
  read(headers: IncomingHttpHeaders): (SessionClaims & { readonly csrfToken: string }) | undefined;
  /** `undefined` for a request without the `minigate-csrf` header: any page can make a browser send the cookie. @throws UNAUTHENTICATED when they do not belong together */
  check(headers: IncomingHttpHeaders): SessionClaims | undefined;
  /** Has the browser forget it. */
  readonly cleared: string;
}

// The prefix has browsers take it from this host alone, over HTTPS, for all paths.
const name = '__Host-minigate';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** @param keys of 32 bytes; the first authenticates new cookies, all are accepted */
export function createStaffCookies(keys: readonly Buffer[]): StaffCookies {
  const tokens = createRefreshTokens(keys, 'staff cookie');
  const read: StaffCookies['read'] = ({ cookie = '' }) => {
    const values = cookie.split('; ').filter((each) => each.startsWith(`${name}=`));
    const text = values.length === 1 ? values[0]?.slice(name.length + 1) : undefined;
    const token = text === undefined ? undefined : tokens.parse(text);
    return token && { userId: token.userId, sessionId: token.sessionId, csrfToken: toCsrfToken(token.text) };
  };
  return {
    create({ userId, sessionId }, maxAgeSeconds) {
      const { text } = tokens.create(userId, sessionId);
      const cookie = `${name}=${text}; Max-Age=${maxAgeSeconds}; ${attributes}`;
      return { cookie, csrfToken: toCsrfToken(text) };
    },
    read,
    check(headers) {
      const given = headers['minigate-csrf'];
      if (given === undefined) return undefined;
      const known = read(headers);
      if (known && typeof given === 'string' && isSame(given, known.csrfToken)) return known;
      const message = 'The cookie and the minigate-csrf header do not belong together.';
      throw known
        ? new UserRefusal(known.userId, 'UNAUTHENTICATED', message)
        : new RequestError('UNAUTHENTICATED', message);
    },
    cleared: `${name}=; Max-Age=0; ${attributes}`,
  };
}

/** The cookie holds 256 random bits that scripts cannot read, so only the gateway can derive this. */
function toCsrfToken(text: string): string {
  return hash('sha256', `csrf ${text}`, 'base64url');
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
