/** The address on the admin port by which operators read the security log. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SecurityLog, Since } from '../abuse/security-log.ts';
import { RequestError } from '../errors.ts';

const dayMs = 86_400_000;
const maxLimit = 1_000;

const date = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .transform((text): Since => ({ atMs: Date.parse(text) }));
const place = z
  .string()
  .regex(/^\d{1,20}(-\d{1,20})?$/)
  .transform((id): Since => ({ id }));

const query = z.strictObject({
  since: z.union([date, place]).optional(),
  limit: z.coerce.number().int().min(1).max(maxLimit).default(100),
});

/** @param now milliseconds since 1970 */
export function registerSecurityLogRoute(
  app: FastifyInstance,
  securityLog: Pick<SecurityLog, 'read'>,
  now: () => number,
): void {
  app.get('/admin/security-log', async (request) => {
    const asked = query.safeParse(request.query);
    if (!asked.success)
      throw new RequestError(
        'BAD_REQUEST',
        `Ask with ?since= a date, a time or the "next" of an answer, and limit= 1 to ${maxLimit}.`,
      );
    const { since = { atMs: now() - dayMs }, limit } = asked.data;
    const records = await orUnavailable(securityLog.read(since, limit));
    const last = records.at(-1);
    return { records, ...(last && records.length === limit && { next: last.id }) };
  });
}

async function orUnavailable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw Object.assign(new RequestError('SESSION_UNAVAILABLE', 'The security log cannot be read now.'), {
      cause,
    });
  }
}
