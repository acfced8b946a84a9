/** The registry's listener: one envelope for every answer, `{ ok, data }` or `{ ok, error: { code, message } }`. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CheckProgress } from '../check/check-candidate.ts';
import { RegistryError } from '../errors.ts';
import { findStoreFault } from '../store/store-fault.ts';

const maxBodyBytes = 4 * 1_048_576;
/** Long enough to read an absurd name and say that it is one. */
const maxParamLength = 20_000;

export interface ServerOptions {
  /** Sees what went wrong inside. */
  readonly onFault: (error: unknown) => void;
}

export function createServer({ onFault }: ServerOptions): FastifyInstance {
  const app = Fastify({
    bodyLimit: maxBodyBytes,
    routerOptions: { maxParamLength },
    forceCloseConnections: 'idle',
    requestTimeout: 60_000,
  });
  app.setErrorHandler((error, _request, reply) => {
    const refusal = toRefusal(error, onFault);
    if (refusal.code === 'RATE_LIMITED') reply.header('retry-after', String(refusal.details.retryAfter));
    return reply.code(refusal.status).send(toFailure(refusal));
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(toFailure(new RegistryError('NOT_FOUND', 'Nothing is served at this address.'))),
  );
  return app;
}

export function toFailure({ code, message, details }: RegistryError) {
  return { ok: false, error: { code, message, ...details } };
}

function toRefusal(error: unknown, onFault: (error: unknown) => void): RegistryError {
  if (error instanceof RegistryError) {
    if (error.cause) onFault(error.cause);
    return error;
  }
  const { statusCode, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413)
    return new RegistryError('PAYLOAD_TOO_LARGE', `At most ${maxBodyBytes} bytes are read.`);
  if (statusCode !== undefined && statusCode < 500) return new RegistryError('BAD_REQUEST', message);
  onFault(error);
  const storeFault = findStoreFault(error);
  if (storeFault) return new RegistryError('STORE_UNAVAILABLE', storeFault);
  return new RegistryError('INTERNAL_ERROR', 'The registry failed; its log says why.');
}

/** @throws BAD_REQUEST naming each field */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input ?? {});
  if (!parsed.success) throw new RegistryError('BAD_REQUEST', z.prettifyError(parsed.error).slice(0, 2_000));
  return parsed.data;
}

/**
 * Answers with the result; whoever accepts `application/x-ndjson` also gets each step before it, one JSON object a line.
 */
export async function answerWithProgress(
  request: FastifyRequest,
  reply: FastifyReply,
  onFault: (error: unknown) => void,
  work: (onProgress: (progress: CheckProgress) => void) => Promise<unknown>,
): Promise<FastifyReply> {
  if (!request.headers.accept?.includes('application/x-ndjson'))
    return reply.send({ ok: true, data: await work(() => {}) });
  reply.hijack();
  const { raw } = reply;
  const write = (line: object): void => {
    raw.write(`${JSON.stringify(line)}\n`);
  };
  raw.writeHead(200, { 'content-type': 'application/x-ndjson' });
  try {
    write({ ok: true, data: await work((progress) => write({ progress })) });
  } catch (error) {
    write(toFailure(toRefusal(error, onFault)));
  }
  raw.end();
  return reply;
}
