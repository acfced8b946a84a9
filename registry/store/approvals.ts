/** Who has agreed to what: a change that reaches into what others own, or an address that moves. */
import { and, eq, gte } from 'drizzle-orm';
import type { Database } from '../../subgraphs/shared/database.ts';
import { createSortableId } from '../../subgraphs/shared/sortable-id.ts';
import { approvalTable, type Origin } from './tables.ts';

export interface ApprovalRecord {
  readonly subject: string;
  readonly scope: readonly string[];
  readonly origin: Origin;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const lifetimeMs = 7 * 24 * 60 * 60 * 1_000;

export function readApprovals(database: Database, environment: string, now: Date): Promise<ApprovalRecord[]> {
  return database
    .select({
      subject: approvalTable.subject,
      scope: approvalTable.scope,
      origin: approvalTable.origin,
      createdAt: approvalTable.createdAt,
      expiresAt: approvalTable.expiresAt,
    })
    .from(approvalTable)
    .where(and(eq(approvalTable.environment, environment), gte(approvalTable.expiresAt, now)))
    .orderBy(approvalTable.id);
}

/** Holds for seven days. */
export async function addApproval(
  database: Database,
  approval: { environment: string; subject: string; scope: readonly string[]; origin: Origin },
  nowMs: number,
): Promise<void> {
  await database.insert(approvalTable).values({
    ...approval,
    id: createSortableId('y', nowMs),
    createdAt: new Date(nowMs),
    expiresAt: new Date(nowMs + lifetimeMs),
  });
}
