/** The addresses on the admin port by which operators ban users, see who is banned, and lift bans. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import type { Bans } from '../identity/bans.ts';

const banRequest = z.strictObject({
  userId: z.string().min(1).max(256),
  reason: z.string().min(1).max(500),
  durationSeconds: z.int().positive().optional(),
});

export function registerBanRoutes(
  app: FastifyInstance,
  bans: Bans,
  onChange: (change: {
    readonly userId: string;
    readonly reason?: string;
    readonly isLifted: boolean;
  }) => void,
): void {
  app.get('/admin/bans', async () => ({
    bans: bans.list().map(({ userId, reason }) => ({ userId, reason, ...bans.find(userId) })),
  }));
  app.post('/admin/bans', async (request, reply) => {
    const ban = banRequest.safeParse(request.body);
    if (!ban.success)
      throw new RequestError(
        'BAD_REQUEST',
        'Send { "userId": …, "reason": …, "durationSeconds": … (optional) }.',
      );
    const { userId, reason, durationSeconds } = ban.data;
    await orUnavailable(bans.ban(userId, reason, durationSeconds));
    onChange({ userId, reason, isLifted: false });
    return reply.code(201).send({ userId, reason, ...bans.find(userId) });
  });
  app.delete<{ Params: { userId: string } }>('/admin/bans/:userId', async (request, reply) => {
    const { userId } = request.params;
    if (!(await orUnavailable(bans.lift(userId))))
      throw new RequestError('NOT_FOUND', 'This user is not banned.');
    onChange({ userId, isLifted: true });
    return reply.code(204).send();
  });
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw Object.assign(
      new RequestError('SESSION_UNAVAILABLE', 'The store of bans is away; nothing may have changed.'),
      { cause },
    );
  }
}
