/** What gateways have seen clients ask: written as they report it, read as numbers. */
import { and, eq, gte, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../../subgraphs/shared/database.ts';
import { usageTable } from './tables.ts';

const name = z.string().min(1).max(200);

export const usageReportSchema = z
  .array(
    z.strictObject({
      client: name,
      version: name,
      operations: z
        .array(
          z.strictObject({
            documentId: z.string().regex(/^sha256:[0-9a-f]{64}$/),
            count: z.int().positive().max(1e12),
            lastSeenAt: z.iso.datetime(),
          }),
        )
        .max(10_000),
    }),
  )
  .max(1_000);

export type UsageReport = z.output<typeof usageReportSchema>;

/** Adds to what is known; a moment in the future counts as now. */
export async function addUsage(
  database: Database,
  environment: string,
  report: UsageReport,
  nowMs: number,
): Promise<void> {
  const rows = new Map<string, typeof usageTable.$inferInsert>();
  for (const { client, version, operations } of report)
    for (const { documentId, count, lastSeenAt } of operations) {
      const key = JSON.stringify([client, version, documentId]);
      const known = rows.get(key);
      const seenAt = new Date(Math.min(Date.parse(lastSeenAt), nowMs));
      rows.set(key, {
        ...{ environment, client, version, documentId },
        count: (known?.count ?? 0) + count,
        lastSeenAt: known && known.lastSeenAt > seenAt ? known.lastSeenAt : seenAt,
      });
    }
  // In one order, so that reports that come at once do not wait for each other in a circle.
  const ordered = [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  for (let at = 0; at < ordered.length; at += 1_000)
    await database
      .insert(usageTable)
      .values(ordered.slice(at, at + 1_000))
      .onConflictDoUpdate({
        target: [usageTable.environment, usageTable.client, usageTable.version, usageTable.documentId],
        set: {
          count: sql`${usageTable.count} + excluded.count`,
          lastSeenAt: sql`greatest(${usageTable.lastSeenAt}, excluded.last_seen_at)`,
        },
      });
}

export interface DocumentUse {
  readonly client: string;
  readonly version: string;
  readonly documentId: string;
  readonly count: number;
  readonly lastSeenAt: Date;
}

export function readDocumentUses(
  database: Database,
  environment: string,
  since: Date,
): Promise<DocumentUse[]> {
  return database
    .select({
      client: usageTable.client,
      version: usageTable.version,
      documentId: usageTable.documentId,
      count: usageTable.count,
      lastSeenAt: usageTable.lastSeenAt,
    })
    .from(usageTable)
    .where(and(eq(usageTable.environment, environment), gte(usageTable.lastSeenAt, since)));
}
