/** The listener for clients: limits on what comes in, request ids, and one shape for every refusal. */
import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type ErrorCode, RequestError, toErrorBody } from '../errors.ts';

export interface HttpServerOptions {
  readonly maxBodyBytes: number;
  readonly log: Logger;
}

/** Only JSON in UTF-8: with any other type or charset the bytes could be read differently elsewhere. */
const jsonMediaType = /^application\/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?$/i;
const requestIdFormat = /^[\w-]{1,64}$/;

/** Routes add themselves; listening and closing are the caller's. */
export function createHttpServer({ maxBodyBytes, log }: HttpServerOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: maxBodyBytes,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 10_000,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    forceCloseConnections: 'idle',
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && requestIdFormat.test(given) ? given : randomUUID();
    },
  });
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    const mediaType = request.headers['content-type'];
    if (request.method === 'POST' && !(mediaType && jsonMediaType.test(mediaType))) {
      throw new RequestError('UNSUPPORTED_MEDIA_TYPE', 'Send application/json in UTF-8.');
    }
  });
  app.setNotFoundHandler(() => {
    throw new RequestError('NOT_FOUND', 'Nothing is served at this address.');
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = toRefusal(error);
    if (refusal.code === 'INTERNAL_SERVER_ERROR')
      log.error({ requestId: request.id, err: error }, 'a request failed');
    return reply.code(refusal.status).headers(refusal.headers).send(toErrorBody(refusal));
  });
  return app;
}

const fastifyCodes: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'The body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'Send application/json in UTF-8.'],
};

function toRefusal(error: FastifyError): RequestError {
  if (error instanceof RequestError) return error;
  const [code, message] = fastifyCodes[error.code] ?? [];
  if (code && message) return new RequestError(code, message);
  // Fastify marks what the client did wrong, such as a body that is no JSON, with a status of its own.
  if (error.statusCode && error.statusCode < 500)
    return new RequestError('BAD_REQUEST', 'The body is not valid JSON.');
  return new RequestError('INTERNAL_SERVER_ERROR', 'Internal error.');
}
