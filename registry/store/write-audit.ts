/** Writes what was done, or refused, into the log that nobody can change. */

import type { Database } from '../../subgraphs/shared/database.ts';
import { createSortableId } from '../../subgraphs/shared/sortable-id.ts';
import { auditTable, type Origin } from './tables.ts';

export interface AuditEntry {
  /** `*` for what belongs to no environment. */
  readonly environment: string;
  readonly action: string;
  readonly outcome: 'done' | 'refused';
  readonly origin: Origin;
  readonly details: Readonly<Record<string, unknown>>;
}

export async function writeAudit(database: Database, entry: AuditEntry, nowMs: number): Promise<void> {
  await database
    .insert(auditTable)
    .values({ ...entry, id: createSortableId('a', nowMs), createdAt: new Date(nowMs) });
}
