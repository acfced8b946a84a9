/** Routes of subgraphs: list, fetch, check, publish, delete. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { checkSubgraphName } from '../check/subgraph-name.ts';
import { RegistryError } from '../errors.ts';
import { deleteSubgraph } from '../publish/delete-subgraph.ts';
import { readHead } from '../publish/prepare-change.ts';
import { checkSubgraph, publishSubgraph } from '../publish/publish-subgraph.ts';
import type { RouteParts } from './route-parts.ts';
import { answerWithProgress, parseInput } from './server.ts';
import { toOrigin, vcsSchema } from './vcs.ts';

const names = z.object({ environment: z.string(), subgraph: z.string() });
const routingUrl = z
  .url({ protocol: /^https?$/, error: 'must begin with http:// or https://' })
  .max(2_000)
  .refine((url) => !new URL(url).username && !new URL(url).password, 'must hold no user name or password');
const schemaBody = z.strictObject({
  sdl: z.string().min(1),
  routingUrl: routingUrl.optional(),
  base: z.int().nonnegative().optional(),
  force: z.boolean().default(false),
  vcs: vcsSchema,
});
const deleteBody = z.strictObject({
  base: z.int().nonnegative().optional(),
  force: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  vcs: vcsSchema,
});

export function registerSubgraphRoutes(app: FastifyInstance, parts: RouteParts): void {
  const { services, authenticate, limitRate, onFault } = parts;
  const path = '/v1/environments/:environment/subgraphs';

  const readHeadFor = async (request: FastifyRequest) => {
    const { environment } = request.params as { environment: string };
    await authenticate(request, environment, { kinds: ['owner', 'publisher', 'client', 'gateway'] });
    return readHead(services, environment);
  };

  app.get(path, async (request) => {
    const { sequence, version } = await readHeadFor(request);
    return { ok: true, data: { sequence, subgraphs: version?.composedFrom ?? [] } };
  });

  app.get(`${path}/:subgraph`, async (request) => {
    const { sequence, subgraphs } = await readHeadFor(request);
    const { subgraph } = parseInput(names, request.params);
    const found = subgraphs.find(({ name }) => name === subgraph);
    if (!found)
      throw new RegistryError('NOT_FOUND', `There is no subgraph ${JSON.stringify(subgraph.slice(0, 64))}.`);
    return { ok: true, data: { sequence, ...found } };
  });

  const change = async (request: FastifyRequest, kinds: readonly ('owner' | 'publisher')[]) => {
    const { environment, subgraph } = parseInput(names, request.params);
    // Before the token, whose scope no such name can be in.
    checkSubgraphName(subgraph, []);
    const caller = await authenticate(request, environment, { kinds, name: subgraph });
    limitRate(caller);
    return { environment, subgraph, caller };
  };

  app.post(`${path}/:subgraph/check`, async (request, reply) => {
    const { environment, subgraph, caller } = await change(request, ['owner', 'publisher']);
    const { vcs, ...body } = parseInput(schemaBody, request.body);
    const changer = { scope: caller.scope, origin: toOrigin(caller, vcs) };
    return answerWithProgress(request, reply, onFault, (onProgress) =>
      checkSubgraph(services, { ...body, environment, subgraph }, { ...changer, onProgress }),
    );
  });

  app.post(`${path}/:subgraph/publish`, async (request, reply) => {
    const { environment, subgraph, caller } = await change(request, ['owner', 'publisher']);
    const { vcs, ...body } = parseInput(schemaBody, request.body);
    const current = (await readHead(services, environment)).subgraphs.find(({ name }) => name === subgraph);
    const moves = current && body.routingUrl !== undefined && body.routingUrl !== current.routingUrl;
    if (body.force || moves) await authenticate(request, environment, { kinds: ['owner'], name: subgraph });
    const changer = { scope: caller.scope, origin: toOrigin(caller, vcs) };
    return answerWithProgress(request, reply, onFault, (onProgress) =>
      publishSubgraph(services, { ...body, environment, subgraph }, { ...changer, onProgress }),
    );
  });

  app.post(`${path}/:subgraph/delete`, async (request, reply) => {
    const { environment, subgraph, caller } = await change(request, ['owner']);
    const { vcs, ...body } = parseInput(deleteBody, request.body);
    const changer = { scope: caller.scope, origin: toOrigin(caller, vcs) };
    return answerWithProgress(request, reply, onFault, (onProgress) =>
      deleteSubgraph(services, { ...body, environment, subgraph }, { ...changer, onProgress }),
    );
  });
}
