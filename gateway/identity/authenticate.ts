/** Stage 7: finds out who asks from the Authorization header. */
import type { IncomingHttpHeaders } from 'node:http';
import type { RateBuckets } from '../demand/rate-buckets.ts';
import { RequestError } from '../errors.ts';
import { grantsOf, guest, type Principal, type Roles, type User } from '../principal.ts';
import { UserRefusal } from '../user-refusal.ts';
import { isAccountOf, type Scope, toUserId } from './account.ts';
import { type ApiKeys, isApiKey } from './api-keys.ts';
import type { FindBan } from './bans.ts';
import type { Session } from './session.ts';
import type { SessionClaims, SessionTokens } from './session-token.ts';
import type { FoundSession, Sessions } from './sessions.ts';
import type { Staff } from './staff.ts';

/** What decides who somebody is: of the environment, and the version of it, that the request is for. */
export interface InForce {
  readonly roles: Roles;
  readonly scope: Scope;
  readonly rateBuckets: RateBuckets | undefined;
}

/** Who a request says to be from. */
export interface Recognised {
  /** As the store has said before, if it ever has: enough to begin with, not to answer. */
  readonly principal: Principal;
  /** As the store says. Rejects with UNAUTHENTICATED or SESSION_UNAVAILABLE. */
  readonly confirmed: Promise<Principal>;
}

/**
 * Does not wait for the store where it was asked before, so that the other checks of a request need not wait either.
 *
 * @param headers where a cookie of staff may be; without them only the authorization counts
 */
export type Recognise = (
  authorization: string | undefined,
  headers: IncomingHttpHeaders | undefined,
  inForce: InForce,
) => Promise<Recognised>;

/** Who a request is from, confirmed. */
export type Authenticate = (authorization: string | undefined, inForce: InForce) => Promise<Principal>;

export interface AuthenticateParts {
  readonly tokens: SessionTokens;
  readonly sessions: Sessions;
  readonly findBan: FindBan;
  readonly apiKeys: ApiKeys;
  readonly staff: Pick<Staff, 'check' | 'find'>;
}

/**
 * A request without the header is a guest's. The function throws UNAUTHENTICATED for a token that does not hold, BANNED
 * for a user who is, and SESSION_UNAVAILABLE when nobody can say.
 */
export function createRecognise({ tokens, sessions, findBan, apiKeys, staff }: AuthenticateParts): Recognise {
  // A session is the same object for as long as it is remembered, so that its grants are worked out once.
  const usersByRoles = new WeakMap<Roles, WeakMap<Session, User>>();
  const usersUnder = (inForce: Roles): WeakMap<Session, User> => {
    const users = usersByRoles.get(inForce) ?? new WeakMap<Session, User>();
    usersByRoles.set(inForce, users);
    return users;
  };
  const toUser = (session: Session, { roles, scope }: InForce): User => {
    const users = usersUnder(roles);
    const known = users.get(session);
    if (known) return known;
    const { id: sessionId, userId: account, appId, createdAt: loggedInAt } = session;
    const user: User = {
      ...{ kind: 'user', userId: toUserId(scope, account), roles: session.roles },
      ...{ ...grantsOf(roles, session.roles), sessionId, appId, loggedInAt },
      ...(scope !== undefined && { account }),
    };
    users.set(session, user);
    return user;
  };
  const toPrincipal = ({ session, isConfirmed }: FoundSession, inForce: InForce): User =>
    isConfirmed ? toUser(session, inForce) : { ...toUser(session, inForce), isUnconfirmed: true };
  const confirm = async (claims: SessionClaims, inForce: InForce): Promise<User> => {
    const found = await sessions.find(claims);
    if (!found || found.session.environment !== inForce.scope) throw unauthenticated(claims.userId);
    checkBan(findBan, claims.userId, found.session.appId);
    return toPrincipal(found, inForce);
  };
  const recogniseBy = async (
    claims: SessionClaims,
    confirmed: Promise<User>,
    inForce: InForce,
  ): Promise<Recognised> => {
    const recalled = sessions.recall(claims);
    if (!recalled) return toRecognised(await confirmed);
    // It may fail before anyone has come to wait for it.
    confirmed.catch(() => {});
    return { principal: toUser(recalled, inForce), confirmed };
  };
  return async (authorization, headers, inForce) => {
    if (authorization === undefined) {
      const claims = headers?.cookie === undefined ? undefined : staff.check(headers, inForce.scope);
      if (!claims) return toRecognised(guest);
      const found = staff.find(claims).then((one) => toPrincipal(one, inForce));
      return recogniseBy(claims, found, inForce);
    }
    const token = toBearerToken(authorization);
    if (isApiKey(token)) {
      const service = apiKeys.find(token, inForce.roles);
      if (!service) throw new RequestError('UNAUTHENTICATED', 'The API key is unknown or has expired.');
      return toRecognised(service);
    }
    const claims = await toClaims(tokens, authorization);
    checkScope(inForce.scope, claims.userId);
    checkBan(findBan, claims.userId);
    return recogniseBy(claims, confirm(claims, inForce), inForce);
  };
}

function toRecognised(principal: Principal): Recognised {
  return { principal, confirmed: Promise.resolve(principal) };
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

/** Of one environment a session tells nothing to another. @throws UNAUTHENTICATED */
export function checkScope(scope: Scope, account: string): void {
  if (!isAccountOf(scope, account)) throw unauthenticated(account);
}

/** @throws BANNED */
export function checkBan(findBan: FindBan, userId: string, appId?: string): void {
  const ban = findBan(userId, appId);
  if (!ban) return;
  const { endsInSeconds } = ban;
  throw new UserRefusal(
    userId,
    'BANNED',
    'This account may not be used now.',
    endsInSeconds === undefined ? {} : { 'retry-after': String(endsInSeconds) },
  );
}

/** @param userId where it is known whose token it is */
export function unauthenticated(userId?: string): RequestError {
  const message = 'The access token is wrong, expired or ended. Log in again.';
  return userId === undefined
    ? new RequestError('UNAUTHENTICATED', message)
    : new UserRefusal(userId, 'UNAUTHENTICATED', message);
}
