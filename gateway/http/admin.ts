/** The listener for operators: is the process alive, may it get traffic, what has it counted. */
import Fastify, { type FastifyInstance } from 'fastify';
import { RequestError, toErrorBody } from '../errors.ts';
import type { Metrics } from '../telemetry/metrics.ts';

export function createAdminServer(metrics: Metrics, isReady: () => boolean): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  // What a page of any origin may post without asking first.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler((error: Error, _request, reply) =>
    error instanceof RequestError
      ? reply.code(error.status).headers(error.headers).send(toErrorBody(error))
      : reply.send(error),
  );
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    if (isReady()) return { status: 'ready' };
    return reply.code(503).send({ status: 'not ready' });
  });
  app.get('/metrics', async (_request, reply) => {
    const { contentType, text } = await metrics.expose();
    return reply.type(contentType).send(text);
  });
  return app;
}
