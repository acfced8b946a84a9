/** The addresses on the admin port by which operators ban users, see who is banned and why, and lift bans. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { RequestError } from '../errors.ts';
import type { Ban, Bans } from '../identity/bans.ts';
import { orUnavailable } from './or-unavailable.ts';

const banRequest = z.strictObject({
  userId: z.string().min(1).max(256),
  reason: z.string().min(1).max(500),
  durationSeconds: z.int().positive().optional(),
});

export interface BanChange {
  readonly userId: string;
  readonly isLifted: boolean;
  /** Of one that was set. */
  readonly reason?: string;
  readonly durationSeconds?: number | undefined;
}

/** @param listPublished bans that the bundle in force carries */
export function registerBanRoutes(
  app: FastifyInstance,
  bans: Bans,
  listPublished: () => readonly object[],
  onChange: (change: BanChange) => void,
): void {
  const describe = ({ bannedAt, endsAt, ...ban }: Ban): object => ({
    ...ban,
    ...(endsAt !== undefined && { durationSeconds: Math.round((endsAt - bannedAt) / 1_000) }),
    ...bans.find(ban.userId),
  });
  app.get('/admin/bans', async () => {
    const published = listPublished();
    return { bans: bans.list().map(describe), ...(published.length > 0 && { published }) };
  });
  app.post('/admin/bans', async (request, reply) => {
    const ban = banRequest.safeParse(request.body);
    if (!ban.success)
      throw new RequestError(
        'BAD_REQUEST',
        'Send { "userId": …, "reason": …, "durationSeconds": … (optional) }.',
      );
    const { userId, reason, durationSeconds } = ban.data;
    await orUnavailable('bans', bans.ban(userId, reason, durationSeconds));
    onChange({ userId, reason, durationSeconds, isLifted: false });
    return reply.code(201).send({ userId, reason, ...bans.find(userId) });
  });
  app.delete<{ Params: { userId: string } }>('/admin/bans/:userId', async (request, reply) => {
    const { userId } = request.params;
    if (!(await orUnavailable('bans', bans.lift(userId))))
      throw new RequestError('NOT_FOUND', 'This user is not banned.');
    onChange({ userId, isLifted: true });
    return reply.code(204).send();
  });
}
