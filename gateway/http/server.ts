/** The listener for clients: limits on what comes in, request ids, and one shape for every refusal. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { Logger } from 'pino';
import type { CheckAddress } from '../admission/address-guard.ts';
import type { ToClientAddress } from '../admission/client-address.ts';
import type { Shed } from '../admission/shed.ts';
import type { RequestEnvironment } from '../environments.ts';
import { type ErrorCode, RequestError, toErrorBody } from '../errors.ts';
import type { JsonLimits } from '../scan-json.ts';
import { chooseMediaType } from './accept.ts';
import { checkHeaders } from './check-headers.ts';
import { answerClientError } from './client-error.ts';
import { registerCors } from './cors.ts';
import { type AdmitBody, registerJsonBody } from './json-body.ts';
import { lingerOnClose } from './linger.ts';
import type { Certificate } from './tls.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** In its one form. Not `ip`, which knows only the socket's. */
    clientAddress: string;
    /** What it is for; absent on routes that are for all. */
    environment: RequestEnvironment;
    /** Whether it was counted for who sent it; if not, its refusal is counted for the address. */
    isCharged: boolean;
    /** Whether it has a place among those that are being answered. */
    isInFlight: boolean;
  }
  interface FastifyContextConfig {
    /** For a route whose callers have few addresses for all of their users, and prove who they are by other means. */
    isForAnyAddress?: boolean;
    /** For a route that is of no environment alone. */
    isForAllEnvironments?: boolean;
  }
}

export interface HttpServerOptions {
  readonly limits: JsonLimits & { readonly maxBodyBytes: number };
  readonly connections: {
    readonly maxOpen: number;
    readonly headersTimeoutMs: number;
    readonly receiveTimeoutMs: number;
    readonly idleTimeoutMs: number;
    readonly maxRequests: number;
  };
  readonly corsOrigins: readonly string[];
  readonly toClientAddress: ToClientAddress;
  readonly checkAddress: CheckAddress;
  readonly chooseEnvironment: (headers: IncomingHttpHeaders, address: string) => RequestEnvironment;
  readonly shed: Shed;
  readonly log: Logger;
  readonly admitBody?: AdmitBody | undefined;
  /** Told of each refusal that is not the answer of an operation. */
  readonly onRefusal?: ((request: FastifyRequest, refusal: RequestError) => void) | undefined;
  /** Where TLS ends here. */
  readonly tls?: Certificate | undefined;
}

const maxHeaderBytes = 16_384;

/** How often Node looks for requests whose time to arrive is over. */
const checkIntervalMs = 500;

const requestIdFormat = /^[\w-]{1,64}$/;

/** Routes add themselves; listening and closing are the caller's. */
export function createHttpServer({
  limits,
  connections,
  corsOrigins,
  toClientAddress,
  checkAddress,
  chooseEnvironment,
  shed,
  log,
  admitBody,
  onRefusal,
  tls,
}: HttpServerOptions): FastifyInstance {
  // `headersTimeout` is only for the constructor of Node's server; Fastify sets the other times on it afterwards.
  const forConstructor = {
    maxHeaderSize: maxHeaderBytes,
    requestTimeout: connections.receiveTimeoutMs,
    headersTimeout: Math.min(connections.headersTimeoutMs, connections.receiveTimeoutMs),
    connectionsCheckingInterval: checkIntervalMs,
  };
  const app = Fastify({
    ...(tls
      ? { https: { ...forConstructor, ...tls, handshakeTimeout: connections.headersTimeoutMs } }
      : { http: forConstructor }),
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: connections.receiveTimeoutMs,
    connectionTimeout: 30_000,
    keepAliveTimeout: connections.idleTimeoutMs,
    maxRequestsPerSocket: connections.maxRequests,
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
      sendRefusal(request, reply, nothingHere());
    },
  });
  app.server.maxConnections = connections.maxOpen;
  registerJsonBody(app, limits, admitBody);
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.decorateRequest('clientAddress', '');
  app.decorateRequest('environment');
  app.decorateRequest('isCharged', false);
  app.decorateRequest('isInFlight', false);
  app.addHook('onRequest', (request, reply, done) => {
    addCommonHeaders(request, reply);
    const { socket, headers } = request.raw;
    const forwardedFor = headers['x-forwarded-for'];
    request.clientAddress = toClientAddress(
      socket.remoteAddress ?? '',
      Array.isArray(forwardedFor) ? forwardedFor.join() : forwardedFor,
    );
    const { isForAnyAddress = false, isForAllEnvironments = false } = request.routeOptions.config ?? {};
    checkAddress(request.clientAddress, isForAnyAddress);
    if (!isForAllEnvironments) request.environment = chooseEnvironment(headers, request.clientAddress);
    done();
  });
  registerCors(app, corsOrigins);
  app.addHook('onRequest', (request, _reply, done) => {
    if (closing) throw new RequestError('SHUTTING_DOWN', 'This process is ending.', { 'retry-after': '1' });
    shed.check();
    checkHeaders(request.raw, request.routeOptions.config);
    done();
  });
  app.addHook('preHandler', (request, _reply, done) => {
    shed.enter();
    request.isInFlight = true;
    done();
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (request.isInFlight) shed.leave();
    request.isInFlight = false;
    // A connection kept alive would keep the process alive with it.
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
  app.setNotFoundHandler(() => {
    throw nothingHere();
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = toRefusal(error);
    if (refusal.code === 'INTERNAL_SERVER_ERROR')
      log.error({ requestId: request.id, err: error }, 'a request failed');
    if (refusal.code === 'PAYLOAD_TOO_LARGE') lingerOnClose(request.raw.socket);
    onRefusal?.(request, refusal);
    return sendRefusal(request, reply, refusal);
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

function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: RequestError): FastifyReply {
  const mediaType = chooseMediaType(request.headers.accept) ?? 'application/json';
  return reply
    .code(refusal.status)
    .headers(refusal.headers)
    .type(`${mediaType}; charset=utf-8`)
    .send(JSON.stringify(toErrorBody(refusal)));
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
