/** The addresses by which people log in, stay logged in and log out, tell what WeChat knows of them, and by which others verify access tokens. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../errors.ts';
import type { Logins } from '../identity/login.ts';
import type { SessionTokens } from '../identity/session-token.ts';
import type { PersonData } from '../identity/wechat/person-data.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export const wechatLoginPath = '/auth/wechat/login';

export interface AuthRoutesParts {
  readonly logins: Logins;
  readonly personData: PersonData;
  readonly keySet: SessionTokens['keySet'];
  readonly metrics: Metrics;
  /** Ends the session of an access token. @throws UNAUTHENTICATED, SESSION_UNAVAILABLE */
  logOut(authorization: string | undefined): Promise<void>;
  /** Ends every session of its user. */
  logOutEverywhere(authorization: string | undefined): Promise<void>;
}

/** How long others may keep the key set: a new key is listed at least this long before it signs. */
const keySetMaxAgeSeconds = 300;

export function registerAuthRoutes(app: FastifyInstance, parts: AuthRoutesParts): void {
  const { logins, personData, metrics } = parts;
  app.post(wechatLoginPath, (request) => counted(metrics.countLogin, () => logins.login(request)));
  app.post('/auth/wechat/phone', ({ headers, body }) => personData.phone(headers.authorization, body));
  app.post('/auth/wechat/profile', ({ headers, body }) => personData.profile(headers.authorization, body));
  app.post('/auth/oidc/login', (request) =>
    counted(metrics.countLogin, () => logins.loginByIdToken(request.body)),
  );
  app.post('/auth/refresh', (request) =>
    counted(metrics.countRefresh, () => logins.refresh(request.body, request.id)),
  );
  const logOutBy =
    (logOut: AuthRoutesParts['logOut']) =>
    async ({ headers }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      await logOut(headers.authorization);
      return reply.code(204).send();
    };
  app.post('/auth/logout', logOutBy(parts.logOut));
  app.post('/auth/logout-everywhere', logOutBy(parts.logOutEverywhere));
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${keySetMaxAgeSeconds}`);
    return parts.keySet;
  });
}

async function counted<T>(count: (code: string) => void, work: () => Promise<T>): Promise<T> {
  try {
    const answer = await work();
    count('OK');
    return answer;
  } catch (error) {
    count(error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR');
    throw error;
  }
}
