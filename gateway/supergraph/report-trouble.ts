/** Turns the outcomes of looks into what is worth telling: trouble, its end, and a silence that lasts. */
import type { SourceEvents, SourceState } from './release.ts';

export interface TroubleReport {
  /** @param error what a look threw; `undefined` for one that went well */
  note(error: unknown): void;
  state(): Omit<SourceState, 'kind'>;
}

const firstAlarmMs = 5 * 60_000;
const laterAlarmsMs = 60 * 60_000;

/** @param now milliseconds since 1970 */
export function createTroubleReport(events: SourceEvents, now: () => number): TroubleReport {
  let heardAtMs: number | undefined;
  let trouble: SourceState['trouble'];
  // A source that was never heard of is silent since its start.
  let alarmAtMs = now() + firstAlarmMs;
  const startedAtMs = now();

  const silentSeconds = (): number => Math.max(0, Math.round((now() - (heardAtMs ?? startedAtMs)) / 1000));

  return {
    note(error) {
      if (error === undefined) {
        heardAtMs = now();
        alarmAtMs = heardAtMs + firstAlarmMs;
        if (trouble) events.onRecovered();
        trouble = undefined;
        return;
      }
      const { code = 'UNSERVABLE', message } = error as { code?: string; message: string };
      const isNew = trouble?.code !== code || trouble.message !== message;
      trouble = { code, message };
      if (isNew) events.onTrouble(trouble);
      if (now() < alarmAtMs) return;
      alarmAtMs = now() + laterAlarmsMs;
      events.onSilent(silentSeconds());
    },
    state: () => ({
      heardAt: heardAtMs === undefined ? undefined : new Date(heardAtMs).toISOString(),
      silentSeconds: silentSeconds(),
      trouble,
    }),
  };
}
