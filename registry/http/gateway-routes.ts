/** Routes of gateways: the bundle of their environment, and what they have seen clients ask. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { RegistryError } from '../errors.ts';
import { createBanWaves } from '../notices/ban-waves.ts';
import { queueNotices } from '../notices/queue-notices.ts';
import { readBundle, readSequences } from '../store/read-version.ts';
import { addUsage, usageReportSchema } from '../store/usage.ts';
import type { RouteParts } from './route-parts.ts';
import { parseInput } from './server.ts';

/** Less than what proxies commonly allow an answer. */
const maxWaitMs = 30_000;

const inEnvironment = z.object({ environment: z.string() });
const banReport = z
  .array(
    z.strictObject({
      subject: z.enum(['user', 'address']),
      rule: z.string().min(1).max(64),
      count: z.int().positive().max(1e9),
    }),
  )
  .max(500);

export function registerGatewayRoutes(
  app: FastifyInstance,
  { services, authenticate, wakeNotices, versions }: RouteParts,
): void {
  const { database, settings, now } = services;
  const banWaves = createBanWaves(settings.banWave, now);

  app.get('/v1/environments/:environment/bundle', async (request, reply) => {
    const { environment } = parseInput(inEnvironment, request.params);
    await authenticate(request, environment, { kinds: ['gateway'] });
    const known = sequenceOf(request.headers['if-none-match'], environment);
    const waitMs = toWaitMs(request.headers.prefer);
    if (known !== undefined && waitMs > 0) {
      await versions.next(environment, known, waitMs, untilClosed(reply));
      // The token may have been revoked meanwhile.
      await authenticate(request, environment, { kinds: ['gateway'] });
    }
    const sequence = (await readSequences(database, [environment])).get(environment);
    if (sequence === undefined)
      throw new RegistryError('NOT_FOUND', `Nothing is published in ${environment}.`);
    reply.header('etag', toEtag(environment, sequence)).header('cache-control', 'no-cache');
    if (known === sequence) return reply.code(304).send();
    return reply.type('application/octet-stream').send(await readBundle(database, environment, sequence));
  });

  app.post('/v1/environments/:environment/usage', async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    await authenticate(request, environment, { kinds: ['gateway'] });
    await addUsage(database, environment, parseInput(usageReportSchema, request.body), now());
    return { ok: true, data: {} };
  });

  app.post('/v1/environments/:environment/bans', async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    const { origin } = await authenticate(request, environment, { kinds: ['gateway'] });
    const wave = banWaves.note(environment, parseInput(banReport, request.body));
    if (!wave) return { ok: true, data: {} };
    const problems = wave.counts.map(({ subject, rule, count }) => `${subject} · ${rule}: ${count}`);
    const details = { subject: `${wave.bans} / ${wave.minutes} min`, problems, ...wave };
    const notice = { event: 'ban_wave' as const, environment, origin, details };
    await queueNotices(database, settings.notices, notice, now()).catch((error: unknown) => {
      banWaves.forget(environment);
      throw error;
    });
    wakeNotices();
    return { ok: true, data: {} };
  });
}

function toEtag(environment: string, sequence: number): string {
  return `"${environment}-${sequence}"`;
}

function sequenceOf(etag: string | undefined, environment: string): number | undefined {
  const sequence = Number(/-(\d{1,15})"$/.exec(etag ?? '')?.[1]);
  return etag === toEtag(environment, sequence) ? sequence : undefined;
}

/** Of `wait=10` in a Prefer header (RFC 7240); 0 without one. */
function toWaitMs(prefer: string | string[] | undefined): number {
  const seconds = Number(/(?:^|[,;\s])wait=(\d{1,4})(?![\w.])/.exec(String(prefer))?.[1] ?? 0);
  return Math.min(seconds * 1_000, maxWaitMs);
}

function untilClosed({ raw }: FastifyReply): AbortSignal {
  const closed = new AbortController();
  raw.once('close', () => closed.abort());
  return closed.signal;
}
