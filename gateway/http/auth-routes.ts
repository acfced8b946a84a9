/** The addresses by which people log in, stay logged in and log out, tell what WeChat knows of them, and by which others verify access tokens. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { toAddressBlock } from '../address.ts';
import type { Rates } from '../demand/rates.ts';
import { RequestError } from '../errors.ts';
import type { LoginRequest, Logins } from '../identity/login.ts';
import type { SessionClaims, SessionTokens } from '../identity/session-token.ts';
import type { PersonData } from '../identity/wechat/person-data.ts';
import type { ReadTrustedIdentity } from '../identity/wechat/trusted-headers.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { createChargeSession } from './charge-session.ts';
import { refreshPath } from './presented-session.ts';

export const wechatLoginPath = '/auth/wechat/login';

export interface AuthRoutesParts {
  readonly logins: Logins;
  readonly personData: PersonData;
  readonly keySet: SessionTokens['keySet'];
  readonly metrics: Metrics;
  readonly rates: Pick<Rates, 'chargeLogin' | 'chargeSession'>;
  readonly readTrustedIdentity: ReadTrustedIdentity;
  /** Whose session an access token names, whether or not it still lasts. Asks no store. */
  claimsOf(authorization: string | undefined): Promise<SessionClaims | undefined>;
  /** Ends the session of an access token. @throws UNAUTHENTICATED, SESSION_UNAVAILABLE */
  logOut(authorization: string | undefined): Promise<void>;
  /** Ends every session of its user. */
  logOutEverywhere(authorization: string | undefined): Promise<void>;
}

/** How long others may keep the key set: a new key is listed at least this long before it signs. */
const keySetMaxAgeSeconds = 300;

export function registerAuthRoutes(app: FastifyInstance, parts: AuthRoutesParts): void {
  const { logins, personData, metrics, rates } = parts;
  const chargeLogin = createChargeLogin(rates.chargeLogin, parts.readTrustedIdentity);
  const chargeSession = createChargeSession(rates.chargeSession);
  app.post(wechatLoginPath, (request) =>
    counted(metrics.countLogin, async () => {
      await chargeLogin(request);
      return logins.login(toLoginRequest(request));
    }),
  );
  app.post('/auth/wechat/phone', ({ headers, body, environment }) =>
    personData.phone(headers.authorization, body, environment.generations.current()),
  );
  app.post('/auth/wechat/profile', ({ headers, body, environment }) =>
    personData.profile(headers.authorization, body, environment.generations.current()),
  );
  app.post('/auth/oidc/login', (request) =>
    counted(metrics.countLogin, async () => {
      await chargeLogin(request);
      return logins.loginByIdToken(toLoginRequest(request));
    }),
  );
  app.post(refreshPath, (request) =>
    counted(metrics.countRefresh, async () => {
      await chargeSession('refreshes', request, logins.sessionToRefresh(request.body));
      return logins.refresh(request.body, request.id, request.environment.scope);
    }),
  );
  const logOutBy =
    (logOut: AuthRoutesParts['logOut']) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const { authorization } = request.headers;
      await chargeSession('logouts', request, await parts.claimsOf(authorization));
      await logOut(authorization);
      return reply.code(204).send();
    };
  app.post('/auth/logout', logOutBy(parts.logOut));
  app.post('/auth/logout-everywhere', logOutBy(parts.logOutEverywhere));
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${keySetMaxAgeSeconds}`);
    return parts.keySet;
  });
}

/**
 * Every attempt counts, before anything is made of it. Whoever comes by a link that names them is counted by that name:
 * the link has few addresses for all.
 */
export function createChargeLogin(
  charge: Rates['chargeLogin'],
  readTrustedIdentity: ReadTrustedIdentity = () => undefined,
): (request: FastifyRequest) => Promise<void> {
  return ({ clientAddress, headers, body }) => {
    const trusted = readTrustedIdentity(headers);
    if (trusted) return charge({ address: `wx ${trusted.openid}`, appId: trusted.appId, code: undefined });
    const { appId, code, issuer } = (body ?? {}) as Readonly<Record<string, unknown>>;
    return charge({ address: clientAddress, appId: appId ?? issuer, code });
  };
}

export function toLoginRequest(request: FastifyRequest): LoginRequest {
  const { id, headers, body, clientAddress, environment } = request;
  return { id, headers, body, address: toAddressBlock(clientAddress), scope: environment.scope };
}

export async function counted<T>(count: (code: string) => void, work: () => Promise<T>): Promise<T> {
  try {
    const answer = await work();
    count('OK');
    return answer;
  } catch (error) {
    count(error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR');
    throw error;
  }
}
