/** Routes of registered operations: publish, list, retire, and who still asks for a field. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readHead, sinceOf } from '../publish/prepare-change.ts';
import { registerOperations, retireOperations } from '../publish/register-operations.ts';
import { findUsersOf } from '../publish/safe-to-remove.ts';
import { isInUse, manifestSchema, versionKey } from '../store/manifests.ts';
import type { RouteParts } from './route-parts.ts';
import { answerWithProgress, parseInput } from './server.ts';
import { toOrigin, vcsSchema } from './vcs.ts';

const inEnvironment = z.object({ environment: z.string() });
const name = z.string().regex(/^[\w.-]{1,100}$/, 'letters, digits, ., - and _');
const publishBody = z.strictObject({
  client: name,
  version: name,
  appId: name.optional(),
  manifest: manifestSchema,
  vcs: vcsSchema,
});
const retireBody = z.strictObject({ client: name, version: name.optional(), vcs: vcsSchema });

export function registerOperationRoutes(app: FastifyInstance, parts: RouteParts): void {
  const { services, authenticate, limitRate, onFault } = parts;
  const path = '/v1/environments/:environment/operations';
  const readers = ['owner', 'publisher', 'client'] as const;

  app.get(path, async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    await authenticate(request, environment, { kinds: readers });
    const { manifests, uses } = await readHead(services, environment);
    const since = sinceOf(services);
    const versions = manifests.map((manifest) => {
      const use = uses.get(versionKey(manifest));
      const { client, version, appId, entries, createdAt } = manifest;
      return {
        ...{ client, version, appId, createdAt, operations: entries.length },
        ...{
          inUse: isInUse(manifest, use, since),
          requests: use?.count ?? 0,
          lastSeenAt: use?.lastSeenAt ?? null,
        },
      };
    });
    return { ok: true, data: { versions } };
  });

  app.post(path, async (request, reply) => {
    const { environment } = parseInput(inEnvironment, request.params);
    const { vcs, manifest, ...body } = parseInput(publishBody, request.body);
    const caller = await authenticate(request, environment, { kinds: ['client'], name: body.client });
    limitRate(caller);
    const changer = { scope: caller.scope, origin: toOrigin(caller, vcs) };
    return answerWithProgress(request, reply, onFault, (onProgress) =>
      registerOperations(
        services,
        { ...body, environment, entries: manifest.operations },
        { ...changer, onProgress },
      ),
    );
  });

  app.post(`${path}/retire`, async (request, reply) => {
    const { environment } = parseInput(inEnvironment, request.params);
    const { vcs, ...body } = parseInput(retireBody, request.body);
    const caller = await authenticate(request, environment, { kinds: ['client'], name: body.client });
    limitRate(caller);
    const changer = { scope: caller.scope, origin: toOrigin(caller, vcs) };
    return answerWithProgress(request, reply, onFault, (onProgress) =>
      retireOperations(services, { ...body, environment }, { ...changer, onProgress }),
    );
  });

  app.get('/v1/environments/:environment/usage', async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    limitRate(await authenticate(request, environment, { kinds: readers }));
    const { coordinate } = parseInput(
      z.strictObject({
        coordinate: z.string().regex(/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/, '`Type` or `Type.field`'),
      }),
      request.query,
    );
    return { ok: true, data: await findUsersOf(services, environment, coordinate) };
  });
}
