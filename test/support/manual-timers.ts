/** Timers that run when a test says so. */
import type { Timers } from './wx-request.ts';

export interface ManualTimers extends Timers {
  /** Runs what is due within so many milliseconds, in order. */
  advance(ms: number): void;
}

export function createManualTimers(): ManualTimers {
  const pending = new Set<{ readonly dueAt: number; readonly run: () => void }>();
  let now = 0;
  return {
    setTimeout(run, delayMs) {
      const timer = { dueAt: now + delayMs, run };
      pending.add(timer);
      return timer;
    },
    clearTimeout: (handle) => void pending.delete(handle as never),
    advance(ms) {
      now += ms;
      const due = [...pending].filter(({ dueAt }) => dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
      for (const timer of due) if (pending.delete(timer)) timer.run();
    },
  };
}
