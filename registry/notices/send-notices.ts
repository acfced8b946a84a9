/** Sends what waits in the queue, again and later where that fails; no change of the registry waits for it. */
import { setTimeout as delay } from 'node:timers/promises';
import { and, asc, eq, isNull, lte } from 'drizzle-orm';
import { fetch } from 'undici';
import type { Database } from '../../subgraphs/shared/database.ts';
import type { NoticeTarget } from '../settings.ts';
import { noticeTable } from '../store/tables.ts';
import { isTaken, toNoticeRequest } from './to-request.ts';

export interface SendNoticesOptions {
  readonly database: Database;
  readonly targets: readonly NoticeTarget[];
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

export interface SendingNotices {
  /** Something has been queued. */
  wake(): void;
  stop(): Promise<void>;
}

const pollMs = 5_000;
const timeoutMs = 5_000;
const maxAttempts = 12;

/** After each failure twice as long, up to an hour. */
export function retryDelayMs(attempts: number): number {
  return Math.min(3_600_000, 2_000 * 2 ** attempts);
}

export function startSendingNotices(options: SendNoticesOptions): SendingNotices {
  const { targets, onFault } = options;
  if (targets.length === 0) return { wake() {}, stop: async () => {} };
  const stopping = new AbortController();
  let woken = Promise.withResolvers<void>();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const sent = await sendDueNotices(options, stopping.signal).catch((error: unknown) => {
        onFault(error);
        return 0;
      });
      if (sent > 0) continue;
      await Promise.race([
        woken.promise,
        delay(pollMs, undefined, { ref: false, signal: stopping.signal }).catch(() => {}),
      ]);
      woken = Promise.withResolvers();
    }
  };
  const running = run();
  return {
    wake: () => woken.resolve(),
    async stop() {
      stopping.abort();
      woken.resolve();
      await running;
    },
  };
}

/** Sends what is due. @returns how many were tried */
export async function sendDueNotices(
  { database, targets, now }: SendNoticesOptions,
  signal: AbortSignal,
): Promise<number> {
  const due = await database
    .select()
    .from(noticeTable)
    .where(and(isNull(noticeTable.endedAt), lte(noticeTable.nextAttemptAt, new Date(now()))))
    .orderBy(asc(noticeTable.id))
    .limit(20);
  for (const notice of due) {
    if (signal.aborted) break;
    // Taken first: another process, or this one after a crash, tries it only when this attempt must have ended.
    const [taken] = await database
      .update(noticeTable)
      .set({
        attempts: notice.attempts + 1,
        nextAttemptAt: new Date(now() + timeoutMs + retryDelayMs(notice.attempts)),
      })
      .where(and(eq(noticeTable.id, notice.id), eq(noticeTable.attempts, notice.attempts)))
      .returning();
    if (!taken) continue;
    const target = targets.find(({ name }) => name === notice.target);
    const failure = target
      ? await send(target, notice, now(), signal)
      : 'The settings have no such address any more.';
    const isOver = failure === undefined || !target || taken.attempts >= maxAttempts;
    await database
      .update(noticeTable)
      .set({ failure: failure ?? null, endedAt: isOver ? new Date(now()) : null })
      .where(eq(noticeTable.id, notice.id));
  }
  return due.length;
}

/** @returns why it was not taken */
async function send(
  target: NoticeTarget,
  { id, event }: { readonly id: string; readonly event: Readonly<Record<string, unknown>> },
  nowMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { url, headers, body } = toNoticeRequest(target, id, event, nowMs);
  try {
    const response = await fetch(url, {
      ...{ method: 'POST', headers, body, redirect: 'error' },
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), signal]),
    });
    const answer = (await response.text()).slice(0, 500);
    return isTaken(target, response.status, answer)
      ? undefined
      : `${response.status} ${answer}`.slice(0, 300);
  } catch (error) {
    return (error as Error).message;
  }
}
