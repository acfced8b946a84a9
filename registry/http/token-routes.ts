/** Routes of tokens, which administrators create, list and revoke. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RegistryError } from '../errors.ts';
import { tokenKinds } from '../store/tables.ts';
import { createToken, listTokens, revokeToken } from '../store/tokens.ts';
import { transact } from '../store/transact.ts';
import { writeAudit } from '../store/write-audit.ts';
import type { RouteParts } from './route-parts.ts';
import { parseInput } from './server.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const name = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'letters, digits, ., - and _');

export function registerTokenRoutes(app: FastifyInstance, { services, authenticate }: RouteParts): void {
  const { database, settings, now } = services;
  const createBody = z.strictObject({
    name,
    kind: z.enum(tokenKinds),
    environment: z.enum(['*', ...settings.environments]),
    scope: z.array(z.union([z.literal('*'), name])).max(100),
    days: z.int().min(1).max(366).default(90),
  });

  app.post('/v1/tokens', async (request) => {
    const { origin } = await authenticate(request, '*', { kinds: [] });
    const { days, ...body } = parseInput(createBody, request.body);
    const expiresAt = new Date(now() + days * dayMs);
    const { id, text } = await transact(database, async (transaction) => {
      const created = await createToken(transaction, { ...body, expiresAt }, now());
      const details = { ...body, id: created.id, expiresAt };
      await writeAudit(
        transaction,
        { environment: body.environment, action: 'token create', outcome: 'done', origin, details },
        now(),
      );
      return created;
    });
    return { ok: true, data: { id, token: text, expiresAt } };
  });

  app.get('/v1/tokens', async (request) => {
    await authenticate(request, '*', { kinds: [] });
    return { ok: true, data: { tokens: await listTokens(database) } };
  });

  app.post('/v1/tokens/:id/revoke', async (request) => {
    const { origin } = await authenticate(request, '*', { kinds: [] });
    const { id } = parseInput(z.object({ id: z.string().max(64) }), request.params);
    await transact(database, async (transaction) => {
      if (!(await revokeToken(transaction, id, new Date(now()))))
        throw new RegistryError('NOT_FOUND', `There is no token ${id}.`);
      await writeAudit(
        transaction,
        { environment: '*', action: 'token revoke', outcome: 'done', origin, details: { id } },
        now(),
      );
    });
    return { ok: true, data: { id } };
  });
}
