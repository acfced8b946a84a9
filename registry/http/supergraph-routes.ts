/** Routes of the supergraph as a whole: fetch, history, diff, rollback. */

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RegistryError } from '../errors.ts';
import { rollBack } from '../publish/roll-back.ts';
import { listVersions, readVersion } from '../store/read-version.ts';
import type { RouteParts } from './route-parts.ts';
import { answerWithProgress, parseInput } from './server.ts';
import { toOrigin, vcsSchema } from './vcs.ts';

const inEnvironment = z.object({ environment: z.string() });
const number = z.coerce.number().int().positive();

export function registerSupergraphRoutes(app: FastifyInstance, parts: RouteParts): void {
  const { services, authenticate, limitRate, onFault } = parts;
  const { database, checks } = services;
  const path = '/v1/environments/:environment/supergraph';
  const readers = ['owner', 'publisher', 'client', 'gateway'] as const;

  const find = async (environment: string, sequence: number | undefined) => {
    const version = await readVersion(database, environment, sequence);
    if (!version)
      throw new RegistryError(
        'NOT_FOUND',
        sequence === undefined
          ? `Nothing is published in ${environment}.`
          : `There is no version ${sequence}.`,
      );
    return version;
  };

  app.get(path, async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    await authenticate(request, environment, { kinds: readers });
    const { sequence } = parseInput(z.strictObject({ sequence: number.optional() }), request.query);
    const { measures: _measures, ...version } = await find(environment, sequence);
    return { ok: true, data: version };
  });

  app.get(`${path}/history`, async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    await authenticate(request, environment, { kinds: readers });
    const { limit } = parseInput(z.strictObject({ limit: number.max(500).default(20) }), request.query);
    return { ok: true, data: { versions: await listVersions(database, environment, limit) } };
  });

  app.get(`${path}/diff`, async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    limitRate(await authenticate(request, environment, { kinds: readers }));
    const { from, to } = parseInput(z.strictObject({ from: number, to: number.optional() }), request.query);
    const [before, after] = [await find(environment, from), await find(environment, to)];
    const changes = await checks.run('diff', { before: before.supergraphSdl, after: after.supergraphSdl });
    return { ok: true, data: { from: before.sequence, to: after.sequence, changes } };
  });

  app.post(`${path}/rollback`, async (request, reply) => {
    const { environment } = parseInput(inEnvironment, request.params);
    const caller = await authenticate(request, environment, { kinds: ['owner'] });
    limitRate(caller);
    const { vcs, ...body } = parseInput(
      z.strictObject({ to: number.optional(), base: number.optional(), vcs: vcsSchema }),
      request.body,
    );
    const changer = { scope: caller.scope, origin: toOrigin(caller, vcs) };
    return answerWithProgress(request, reply, onFault, (onProgress) =>
      rollBack(services, { ...body, environment }, { ...changer, onProgress }),
    );
  });
}
