/** Routes of gateways: the bundle of their environment, and what they have seen clients ask. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RegistryError } from '../errors.ts';
import { createBanWaves } from '../notices/ban-waves.ts';
import { queueNotices } from '../notices/queue-notices.ts';
import { readBundle } from '../store/read-version.ts';
import { addUsage, usageReportSchema } from '../store/usage.ts';
import type { RouteParts } from './route-parts.ts';
import { parseInput } from './server.ts';

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
  { services, authenticate, wakeNotices }: RouteParts,
): void {
  const { database, settings, now } = services;
  const banWaves = createBanWaves(settings.banWave, now);

  app.get('/v1/environments/:environment/bundle', async (request, reply) => {
    const { environment } = parseInput(inEnvironment, request.params);
    await authenticate(request, environment, { kinds: ['gateway'] });
    const found = await readBundle(database, environment);
    if (!found) throw new RegistryError('NOT_FOUND', `Nothing is published in ${environment}.`);
    const etag = `"${environment}-${found.sequence}"`;
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    return reply.type('application/octet-stream').send(found.bundle);
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
