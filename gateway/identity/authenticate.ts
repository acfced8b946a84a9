/** Stage 7: finds out who asks from the Authorization header. */
import { RequestError } from '../errors.ts';
import { grantsOf, guest, type Principal, type Roles } from '../principal.ts';
import type { SessionStore } from './session-store.ts';
import type { SessionTokens } from './session-token.ts';

export type Authenticate = (authorization: string | undefined) => Promise<Principal>;

/** A request without the header is a guest's. The function throws UNAUTHENTICATED for a token that does not hold. */
export function createAuthenticate(
  tokens: SessionTokens,
  sessions: SessionStore,
  roles: Roles,
): Authenticate {
  return async (authorization) => {
    if (authorization === undefined) return guest;
    const [, token] = /^Bearer ([\w.-]+)$/i.exec(authorization) ?? [];
    const claims = token && (await tokens.verify(token));
    const session = claims ? sessions.get(claims.sessionId) : undefined;
    if (!session)
      throw new RequestError('UNAUTHENTICATED', 'The access token is wrong, expired or ended. Log in again.');
    const { level, scopes } = grantsOf(roles, session.roles);
    return {
      kind: 'user',
      userId: session.userId,
      roles: session.roles,
      scopes,
      level,
      sessionId: session.id,
      appId: session.appId,
    };
  };
}
