/** Stage 7: finds out who asks from the Authorization header. */
import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../errors.ts';
import { grantsOf, guest, type Principal, type Roles, type User } from '../principal.ts';
import { type ApiKeys, isApiKey } from './api-keys.ts';
import type { Bans } from './bans.ts';
import type { Session } from './session.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';
import type { FoundSession, Sessions } from './sessions.ts';
import type { Staff } from './staff.ts';

/** @param headers where a cookie of staff may be; without them only the authorization counts */
export type Authenticate = (
  authorization: string | undefined,
  headers?: IncomingHttpHeaders,
) => Promise<Principal>;

export interface AuthenticateParts {
  readonly tokens: SessionTokens;
  readonly sessions: Sessions;
  readonly bans: Bans;
  readonly roles: Roles;
  readonly apiKeys: ApiKeys;
  readonly staff: Pick<Staff, 'find'>;
}

/**
 * A request without the header is a guest's. The function throws UNAUTHENTICATED for a token that does not hold, BANNED
 * for a user who is, and SESSION_UNAVAILABLE when nobody can say.
 */
export function createAuthenticate({
  tokens,
  sessions,
  bans,
  roles,
  apiKeys,
  staff,
}: AuthenticateParts): Authenticate {
  // A session is the same object for as long as it is remembered, so that its grants are worked out once.
  const users = new WeakMap<Session, User>();
  const toUser = (session: Session): User => {
    const known = users.get(session);
    if (known) return known;
    const { id: sessionId, userId, appId } = session;
    const user: User = {
      ...{ kind: 'user', userId, roles: session.roles, ...grantsOf(roles, session.roles) },
      ...{ sessionId, appId },
    };
    users.set(session, user);
    return user;
  };
  const toPrincipal = ({ session, isConfirmed }: FoundSession): User =>
    isConfirmed ? toUser(session) : { ...toUser(session), isUnconfirmed: true };
  return async (authorization, headers) => {
    if (authorization === undefined) {
      if (headers?.cookie === undefined) return guest;
      const found = await staff.find(headers);
      return found ? toPrincipal(found) : guest;
    }
    const token = toBearerToken(authorization);
    if (isApiKey(token)) {
      const service = apiKeys.find(token);
      if (!service) throw new RequestError('UNAUTHENTICATED', 'The API key is unknown or has expired.');
      return service;
    }
    const claims = await toClaims(tokens, authorization);
    checkBan(bans, claims.userId);
    const found = await sessions.find(claims);
    if (!found) throw unauthenticated();
    return toPrincipal(found);
  };
}

/** Empty when there is none. */
function toBearerToken(authorization: string): string {
  return /^Bearer ([\w.-]+)$/i.exec(authorization)?.[1] ?? '';
}

/** @throws UNAUTHENTICATED */
export async function toClaims(
  tokens: SessionTokens,
  authorization: string | undefined,
): Promise<SessionClaims> {
  const token = toBearerToken(authorization ?? '');
  const claims = token === '' ? undefined : await tokens.verify(token);
  if (!claims) throw unauthenticated();
  return claims;
}

/** @throws BANNED */
export function checkBan(bans: Bans, userId: string): void {
  const ban = bans.find(userId);
  if (!ban) return;
  const { endsInSeconds } = ban;
  throw new RequestError(
    'BANNED',
    'This account may not be used now.',
    endsInSeconds === undefined ? {} : { 'retry-after': String(endsInSeconds) },
  );
}

export function unauthenticated(): RequestError {
  return new RequestError('UNAUTHENTICATED', 'The access token is wrong, expired or ended. Log in again.');
}
