/** The addresses by which people log in. */
import type { FastifyInstance } from 'fastify';
import { RequestError } from '../errors.ts';
import type { Login } from '../identity/login.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export const wechatLoginPath = '/auth/wechat/login';

export function registerAuthRoutes(app: FastifyInstance, login: Login, metrics: Metrics): void {
  app.post(wechatLoginPath, async (request, reply) => {
    try {
      const answer = await login(request.body, request.id);
      metrics.countLogin('OK');
      reply.header('cache-control', 'no-store');
      return answer;
    } catch (error) {
      metrics.countLogin(error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR');
      throw error;
    }
  });
}
