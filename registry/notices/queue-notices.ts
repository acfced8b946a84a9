/** Puts messages about an event into the queue: one for each address that wants to hear of it. */

import type { Database } from '../../subgraphs/shared/database.ts';
import { createSortableId } from '../../subgraphs/shared/sortable-id.ts';
import type { NoticeTarget } from '../settings.ts';
import { noticeTable, type Origin } from '../store/tables.ts';

export interface NoticeEvent {
  readonly event: NoticeTarget['events'][number];
  readonly environment: string;
  readonly origin: Origin;
  readonly details: Readonly<Record<string, unknown>>;
}

export async function queueNotices(
  database: Database,
  targets: readonly NoticeTarget[],
  { origin, ...event }: NoticeEvent,
  nowMs: number,
): Promise<void> {
  const { actor, author, commit, branch } = origin;
  const rows = targets
    .filter(({ events }) => events.includes(event.event))
    .map(({ name }) => ({
      id: createSortableId('n', nowMs),
      target: name,
      event: { ...event, actor, author, commit, branch, at: new Date(nowMs).toISOString() },
      attempts: 0,
      nextAttemptAt: new Date(nowMs),
    }));
  if (rows.length > 0) await database.insert(noticeTable).values(rows);
}
