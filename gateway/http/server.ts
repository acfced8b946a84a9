/** The listener for clients: limits on what comes in, request ids, and one shape for every refusal. */
import { randomUUID } from 'node:crypto';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import { type ErrorCode, RequestError, toErrorBody } from '../errors.ts';
import { checkHeaders } from './check-headers.ts';
import { answerClientError } from './client-error.ts';
import { type AdmitBody, registerJsonBody } from './json-body.ts';
import type { Certificate } from './tls.ts';

export interface HttpServerOptions {
  readonly maxBodyBytes: number;
  readonly log: Logger;
  readonly admitBody?: AdmitBody | undefined;
  /** Where TLS ends here. */
  readonly tls?: Certificate | undefined;
}

const requestIdFormat = /^[\w-]{1,64}$/;

/** Routes add themselves; listening and closing are the caller's. */
export function createHttpServer({ maxBodyBytes, log, admitBody, tls }: HttpServerOptions): FastifyInstance {
  const app = Fastify({
    ...(tls && { https: { ...tls, handshakeTimeout: 10_000 } }),
    bodyLimit: maxBodyBytes,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 10_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && requestIdFormat.test(given) ? given : randomUUID();
    },
    clientErrorHandler: answerClientError,
    // An address that cannot be decoded meets neither hook nor handler.
    frameworkErrors: (_error, request, reply) => {
      addCommonHeaders(request, reply);
      sendRefusal(reply, nothingHere());
    },
  });
  registerJsonBody(app, admitBody);
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', async (request, reply) => {
    addCommonHeaders(request, reply);
    if (closing) throw new RequestError('SHUTTING_DOWN', 'This process is ending.', { 'retry-after': '1' });
    checkHeaders(request.raw);
  });
  app.addHook('onSend', async (_request, reply) => {
    // A connection kept alive would keep the process alive with it.
    if (closing) reply.header('connection', 'close');
  });
  app.setNotFoundHandler(() => {
    throw nothingHere();
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = toRefusal(error);
    if (refusal.code === 'INTERNAL_SERVER_ERROR')
      log.error({ requestId: request.id, err: error }, 'a request failed');
    return sendRefusal(reply, refusal);
  });
  return app;
}

function addCommonHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'x-request-id': request.id,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
}

function sendRefusal(reply: FastifyReply, refusal: RequestError): FastifyReply {
  return reply.code(refusal.status).headers(refusal.headers).send(toErrorBody(refusal));
}

function nothingHere(): RequestError {
  return new RequestError('NOT_FOUND', 'Nothing is served at this address.');
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
