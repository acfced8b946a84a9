/** The addresses by which people log in, and by which their phones ask what WeChat knows of them. */
import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';
import type { Login } from '../identity/login.ts';
import type { PersonData } from '../identity/wechat/person-data.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export const wechatLoginPath = '/auth/wechat/login';

export function registerAuthRoutes(
  app: FastifyInstance,
  login: Login,
  personData: PersonData,
  metrics: Metrics,
): void {
  app.post(wechatLoginPath, async (request, reply) => {
    try {
      const answer = await login(request);
      metrics.countLogin('OK');
      reply.header('cache-control', 'no-store');
      return answer;
    } catch (error) {
      metrics.countLogin(error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR');
      throw error;
    }
  });
  app.post('/auth/wechat/phone', ({ headers, body }) => personData.phone(headers.authorization, body));
  app.post('/auth/wechat/profile', ({ headers, body }) => personData.profile(headers.authorization, body));
}
