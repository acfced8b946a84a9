/** The one GraphQL endpoint: hands the request to the pipeline and writes its answer, one log line and the metrics. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { CheckedSignature } from '../admission/signature.ts';
import type { RequestToSign } from '../admission/signature-base.ts';
import { createCancellation } from '../cancellation.ts';
import { RequestError } from '../errors.ts';
import { answerRequest, type Gate } from '../pipeline.ts';
import type { RequestOutcome } from '../request-context.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { unlessInterrupted } from '../unless-interrupted.ts';
import { chooseMediaType, isLegacyAccept } from './accept.ts';
import { parseClient } from './parse-client.ts';
import { sendAnswer } from './send-answer.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a request that the pipeline was asked for. */
    outcome: RequestOutcome | undefined;
  }
}

export interface GraphqlRouteOptions {
  readonly path: string;
  readonly gate: Gate;
  readonly requestTimeoutMs: number;
  readonly signatureOf?: ((request: FastifyRequest) => CheckedSignature | undefined) | undefined;
  /** Before the body is read, of a request that brings nothing but its address. @throws RATE_LIMITED */
  readonly checkGuest?: (address: string) => void;
  /** A request as it was sent, where that is kept. */
  readonly sentOf?: ((request: FastifyRequest) => RequestToSign | undefined) | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface GraphqlRoute {
  /** Answers SHUTTING_DOWN to every request that is still waiting; what was sent for it is not waited for. */
  cutOff(): void;
}

export function registerGraphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): GraphqlRoute {
  app.decorateRequest('outcome', undefined);
  const waiting = new Set<(reason: RequestError) => void>();

  const untilCutOff = (interrupt: (reason: RequestError) => void): (() => void) => {
    waiting.add(interrupt);
    return () => void waiting.delete(interrupt);
  };

  const record = (request: FastifyRequest, reply: FastifyReply, outcome: RequestOutcome): void => {
    const { client, operationName, registered, codes, cost, faults } = outcome;
    for (const fault of faults) options.log.error({ requestId: request.id, err: fault }, 'a request failed');
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    const status = reply.statusCode;
    const { scope: environment, usage } = request.environment;
    options.log.info(
      {
        requestId: request.id,
        environment,
        operationName,
        registered,
        client,
        status,
        codes,
        cost,
        durationMs,
      },
      'operation',
    );
    const operation = registered && operationName ? operationName : 'ad-hoc';
    const labels = { operation, code: codes[0] ?? 'OK' };
    options.metrics.countOperation(
      environment === undefined ? labels : { ...labels, environment },
      reply.elapsedTime / 1000,
    );
    if (cost) options.metrics.observeCost(cost);
    if (outcome.documentId !== undefined) usage?.count(client, outcome.documentId);
  };

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const client = parseClient(request.headers);
    const outcome: RequestOutcome = { client, registered: false, codes: [], faults: [] };
    request.outcome = outcome;
    const cancellation = createCancellation();
    let gone = false;
    let interrupt = (_reason: RequestError): void => {};
    reply.raw.once('close', () => {
      gone = !reply.raw.writableFinished;
      if (gone) cancellation.cancel();
    });
    try {
      const { accept } = request.headers;
      const mediaType = chooseMediaType(accept);
      if (!mediaType)
        throw new RequestError('NOT_ACCEPTABLE', 'The answer is JSON; accept application/json.');
      const answered = answerRequest(
        {
          id: request.id,
          method: request.method === 'GET' ? 'GET' : 'POST',
          address: request.clientAddress,
          headers: request.headers,
          body: request.body,
          search: request.query as Record<string, unknown>,
          signature: options.signatureOf?.(request),
          sent: options.sentOf?.(request),
          deadlineMs: performance.now() + options.requestTimeoutMs,
          cancellation,
          environment: request.environment,
          end() {
            interrupt(
              new RequestError('DEADLINE_EXCEEDED', 'The schema of the request was replaced long ago.'),
            );
            cancellation.cancel();
          },
        },
        options.gate,
        outcome,
      );
      const { status, headers, text } = await unlessInterrupted(answered, (given) => {
        interrupt = given;
        return untilCutOff(given);
      });
      reply.headers(headers);
      reply.type(`${mediaType}; charset=utf-8`);
      if (outcome.warned) reply.header('minigate-warning', 'OPERATION_NOT_SAFELISTED');
      return await sendAnswer(
        request,
        reply.code(toStatus(status, accept, outcome.codes, options.gate.isDev)),
        text,
        outcome.caching,
      );
    } catch (error) {
      request.isCharged = outcome.isCharged ?? false;
      outcome.codes = [error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR'];
      throw error;
    } finally {
      // Fastify has no hook for an answer that nobody took.
      if (gone) {
        outcome.codes = ['CLIENT_GONE'];
        reply.code(499);
        record(request, reply, outcome);
      }
    }
  };
  app.route({
    method: ['GET', 'POST'],
    url: options.path,
    exposeHeadRoute: false,
    config: { awaitsNonce: true },
    onRequest: (request, _reply, done) => {
      if (isGuest(request)) options.checkGuest?.(request.clientAddress);
      done();
    },
    handler: answer,
  });

  app.route({
    method: ['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
    url: options.path,
    handler: () => {
      throw new RequestError('METHOD_NOT_ALLOWED', 'Send a POST, or a GET for a query.', {
        allow: 'GET, POST',
      });
    },
  });

  app.addHook('onResponse', (request, reply, done) => {
    if (request.outcome) record(request, reply, request.outcome);
    done();
  });

  return {
    cutOff() {
      for (const refuse of waiting) refuse(new RequestError('SHUTTING_DOWN', 'This process is ending.'));
    },
  };
}

function isGuest({ headers }: FastifyRequest): boolean {
  return headers.authorization === undefined && headers.cookie === undefined;
}

/** What the document or the variables are at fault for, as graphql-js finds it; refusals of our own are none of these. */
const faultsOfRequest = new Set(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

/** With --dev older tools see what they know: 200 for a request that was read and found faulty. */
function toStatus(
  status: number,
  accept: string | undefined,
  codes: readonly string[],
  isDev: boolean,
): number {
  const isLegacy = isDev && status === 400 && codes.every((code) => faultsOfRequest.has(code));
  return isLegacy && isLegacyAccept(accept) ? 200 : status;
}
