/** Tells whose session a request presents, whether or not it still lasts. */
import type { FastifyRequest } from 'fastify';
import type { SessionClaims } from '../identity/session-token.ts';

/** Asks no store. `undefined` for a request that presents none which was given out here. */
export type PresentedSession = (request: FastifyRequest) => Promise<SessionClaims | undefined>;

export interface PresentedSessionParts {
  /** Of an access token. */
  claimsOf(authorization: string | undefined): Promise<SessionClaims | undefined>;
  readonly logins: {
    /** Of the refresh token in a body. */
    sessionToRefresh(body: unknown): SessionClaims | undefined;
  };
  /** The body of a request that was refused before it was read as JSON. */
  unreadBodyOf?: ((request: FastifyRequest) => Buffer | undefined) | undefined;
}

export const refreshPath = '/auth/refresh';

/** A body with a refresh token is no longer; a longer one is not read only to learn whose it would have been. */
const maxRefreshBytes = 4_096;

/** To be refreshed is the session of the body's token, whatever access token comes with it. */
export function createPresentedSession({
  claimsOf,
  logins,
  unreadBodyOf,
}: PresentedSessionParts): PresentedSession {
  return async (request) => {
    if (request.routeOptions.url !== refreshPath) return claimsOf(request.headers.authorization);
    return logins.sessionToRefresh(request.body ?? readBody(unreadBodyOf?.(request)));
  };
}

function readBody(body: Buffer | undefined): unknown {
  if (body === undefined || body.length > maxRefreshBytes) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
