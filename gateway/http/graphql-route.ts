/** The one GraphQL endpoint: hands the request to the pipeline and writes its answer, one log line and the metrics. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { RequestError } from '../errors.ts';
import { answerRequest, type Gate } from '../pipeline.ts';
import type { RequestOutcome } from '../request-context.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { acceptsJson } from './accept.ts';
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

  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const client = parseClient(request.headers);
    const outcome: RequestOutcome = { client, registered: false, codes: [], faults: [] };
    outcomes.set(request, outcome);
    const cut = Promise.withResolvers<never>();
    waiting.add(cut.reject);
    try {
      if (!acceptsJson(request.headers.accept))
        throw new RequestError('NOT_ACCEPTABLE', 'The answer is JSON; accept application/json.');
      const answered = answerRequest(
        {
          id: request.id,
          method: request.method === 'GET' ? 'GET' : 'POST',
          headers: request.headers,
          body: request.body,
          search: request.query as Record<string, unknown>,
          signer: options.signerOf?.(request),
          deadlineMs: performance.now() + options.requestTimeoutMs,
        },
        options.gate,
        outcome,
      );
      const { status, headers, body } = await Promise.race([answered, cut.promise]);
      if (body.kind !== 'complete')
        throw new RequestError('BAD_REQUEST', 'Incremental delivery is not served.');
      for (const [name, value] of headers) reply.header(name, value);
      if (outcome.warned) reply.header('minigate-warning', 'OPERATION_NOT_SAFELISTED');
      return await sendAnswer(request, reply.code(status ?? 200), body.string, outcome.caching);
    } catch (error) {
      outcome.codes = [error instanceof RequestError ? error.code : 'INTERNAL_SERVER_ERROR'];
      throw error;
    } finally {
      waiting.delete(cut.reject);
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
    if (!outcome) return;
    const { client, operationName, registered, codes, faults } = outcome;
    for (const fault of faults) options.log.error({ requestId: request.id, err: fault }, 'a request failed');
    const durationMs = Math.round(reply.elapsedTime * 10) / 10;
    options.log.info(
      {
        requestId: request.id,
        operationName,
        registered,
        client,
        status: reply.statusCode,
        codes,
        durationMs,
      },
      'operation',
    );
    const operation = registered && operationName ? operationName : 'ad-hoc';
    options.metrics.countOperation({ operation, code: codes[0] ?? 'OK' }, reply.elapsedTime / 1000);
  });

  return {
    cutOff() {
      for (const refuse of waiting) refuse(new RequestError('SHUTTING_DOWN', 'This process is ending.'));
    },
  };
}
