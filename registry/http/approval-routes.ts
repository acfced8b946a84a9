/** Routes of approvals, which owners give, and of the audit log. */
import { desc, eq } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApproval, readApprovals } from '../store/approvals.ts';
import { auditTable } from '../store/tables.ts';
import { transact } from '../store/transact.ts';
import { writeAudit } from '../store/write-audit.ts';
import type { RouteParts } from './route-parts.ts';
import { parseInput } from './server.ts';

const inEnvironment = z.object({ environment: z.string() });

export function registerApprovalRoutes(app: FastifyInstance, { services, authenticate }: RouteParts): void {
  const { database, now } = services;
  const path = '/v1/environments/:environment';

  app.post(`${path}/approvals`, async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    const { scope, origin } = await authenticate(request, environment, { kinds: ['owner'] });
    const { subject } = parseInput(z.strictObject({ subject: z.string().min(3).max(2_200) }), request.body);
    await transact(database, async (transaction) => {
      await addApproval(transaction, { environment, subject, scope, origin }, now());
      await writeAudit(
        transaction,
        { environment, action: 'approve', outcome: 'done', origin, details: { subject } },
        now(),
      );
    });
    return { ok: true, data: { subject } };
  });

  app.get(`${path}/approvals`, async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    await authenticate(request, environment, { kinds: ['owner', 'publisher'] });
    return { ok: true, data: { approvals: await readApprovals(database, environment, new Date(now())) } };
  });

  app.get(`${path}/audit`, async (request) => {
    const { environment } = parseInput(inEnvironment, request.params);
    await authenticate(request, environment, { kinds: ['owner'] });
    const { limit } = parseInput(
      z.strictObject({ limit: z.coerce.number().int().positive().max(500).default(50) }),
      request.query,
    );
    const entries = await database
      .select()
      .from(auditTable)
      .where(eq(auditTable.environment, environment))
      .orderBy(desc(auditTable.id))
      .limit(limit);
    return { ok: true, data: { entries } };
  });
}
