/** The one GraphQL endpoint: hands the request to the pipeline and writes its answer, one log line and the metrics. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { createCancellation } from '../cancellation.ts';
import { RequestError } from '../errors.ts';
import { answerRequest, type Gate } from '../pipeline.ts';
import type { RequestOutcome } from '../request-context.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { chooseMediaType, isLegacyAccept } from './accept.ts';
import { parseClient } from './parse-client.ts';
import { sendAnswer } from './send-answer.ts';

export interface GraphqlRouteOptions {
  readonly path: string;
  readonly gate: Gate;
  readonly requestTimeoutMs: number;
  /** The session whose key signed a request. */
  readonly signerOf?: ((request: FastifyRequest) => string | undefined) | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface GraphqlRoute {
  /** Answers SHUTTING_DOWN to every request that is still waiting; what was sent for it is not waited for. */
  cutOff(): void;
}

export function registerGraphqlRoute(app: FastifyInstance, options: GraphqlRouteOptions): GraphqlRoute {
  const outcomes = new WeakMap<object, RequestOutcome>();
  const waiting = new Set<(reason: RequestError) => void>();

  const record = (request: FastifyRequest, reply: FastifyReply, outcome: RequestOutcome): void => {
    const { client, operationName, registered, codes, cost, faults } = outcome;
    for (const fault of faults) options.log.error({ requestId: request.id, err: fault }, 'a request failed');
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    const status = reply.statusCode;
    options.log.info(
      { requestId: request.id, operationName, registered, client, status, codes, cost, durationMs },
      'operation',
    );
    const operation = registered && operationName ? operationName : 'ad-hoc';
    options.metrics.countOperation({ operation, code: codes[0] ?? 'OK' }, reply.elapsedTime / 1000);
    if (cost) options.metrics.observeCost(cost);
  };

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const client = parseClient(request.headers);
    const outcome: RequestOutcome = { client, registered: false, codes: [], faults: [] };
    outcomes.set(request, outcome);
    const cut = Promise.withResolvers<never>();
    waiting.add(cut.reject);
    const cancellation = createCancellation();
    let gone = false;
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
          address: request.ip,
          headers: request.headers,
          body: request.body,
          search: request.query as Record<string, unknown>,
          signer: options.signerOf?.(request),
          deadlineMs: performance.now() + options.requestTimeoutMs,
          cancellation,
        },
        options.gate,
        outcome,
      );
      const { status, headers, text } = await Promise.race([answered, cut.promise]);
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
      outcome.codes = [error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR'];
      throw error;
    } finally {
      waiting.delete(cut.reject);
      // Fastify has no hook for an answer that nobody took.
      if (gone) {
        outcome.codes = ['CLIENT_GONE'];
        reply.code(499);
        record(request, reply, outcome);
      }
    }
  };
  app.route({ method: ['GET', 'POST'], url: options.path, exposeHeadRoute: false, handler: answer });

  app.route({
    method: ['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
    url: options.path,
    handler: () => {
      throw new RequestError('METHOD_NOT_ALLOWED', 'Send a POST, or a GET for a query.', {
        allow: 'GET, POST',
      });
    },
  });

  app.addHook('onResponse', async (request, reply) => {
    const outcome = outcomes.get(request);
    if (outcome) record(request, reply, outcome);
  });

  return {
    cutOff() {
      for (const refuse of waiting) refuse(new RequestError('SHUTTING_DOWN', 'This process is ending.'));
    },
  };
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
