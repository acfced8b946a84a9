/** The addresses on the admin port by which operators deny network addresses, see which are denied, and take it back. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AddressRange } from '../address.ts';
import type { Denylist } from '../admission/denylist.ts';
import { RequestError } from '../errors.ts';
import { orUnavailable } from './or-unavailable.ts';

const denial = z.strictObject({
  range: z.string().max(64),
  reason: z.string().min(1).max(500),
  durationSeconds: z.int().positive().optional(),
});

export interface DenylistChange {
  readonly range: string;
  readonly reason?: string;
  readonly durationSeconds?: number | undefined;
  readonly isRemoved: boolean;
}

/** @param parse what a range is; `undefined` for text that is none */
export function registerDenylistRoutes(
  app: FastifyInstance,
  denylist: Denylist,
  parse: (text: string) => AddressRange | undefined,
  onChange: (change: DenylistChange) => void,
): void {
  app.get('/admin/denylist', async () => ({ denied: denylist.list() }));
  app.post('/admin/denylist', async (request, reply) => {
    const sent = denial.safeParse(request.body);
    const range = sent.success ? parse(sent.data.range) : undefined;
    if (!sent.success || !range)
      throw new RequestError(
        'BAD_REQUEST',
        'Send { "range": an address or a CIDR range, "reason": …, "durationSeconds": … (optional) }.',
      );
    const { reason, durationSeconds } = sent.data;
    const denied = await orUnavailable('the denylist', denylist.add(range, reason, durationSeconds));
    onChange({ range: denied.range, reason, durationSeconds, isRemoved: false });
    return reply.code(201).send(denied);
  });
  app.delete<{ Params: { range: string } }>('/admin/denylist/:range', async (request, reply) => {
    const range = parse(request.params.range);
    if (!range || !(await orUnavailable('the denylist', denylist.remove(range))))
      throw new RequestError('NOT_FOUND', 'This range was not added here.');
    onChange({ range: request.params.range, isRemoved: true });
    return reply.code(204).send();
  });
}
