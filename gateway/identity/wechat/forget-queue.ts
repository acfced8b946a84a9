/** Repeats what the user subgraph could not delete, until it can: WeChat itself sends an event only a few times. In memory. */
import type { WechatUserEvent } from './user-event.ts';

export interface ForgetQueue {
  /** Resolves once it is done. Rejects when it is not: it is then tried again from here, whether or not WeChat repeats it. */
  forget(event: WechatUserEvent): Promise<void>;
  /** Repeats nothing any more. What waits in memory is given up, and each told as lost. */
  close(): void;
}

/** `waiting`: it failed and is tried again. `lost`: it failed and never will be, unless somebody does it by hand. */
export type ForgetOutcome = 'done' | 'waiting' | 'lost';

export interface ForgetQueueOptions {
  readonly forget: (event: WechatUserEvent) => Promise<void>;
  readonly onOutcome: (outcome: ForgetOutcome, event: WechatUserEvent) => void;
  readonly timers: {
    setTimeout(run: () => void, delayMs: number): unknown;
    clearTimeout(handle: unknown): void;
  };
  /** With the pauses this is about a day. Default 300. */
  readonly maxTries?: number;
  /** Beyond it only WeChat's own repetitions are left. Default 10,000. */
  readonly maxWaiting?: number;
}

interface Task {
  readonly event: WechatUserEvent;
  tries: number;
  timer?: unknown;
  underWay?: Promise<void> | undefined;
}

export const mostTries = 300;
export const mostWaiting = 10_000;

const firstPauseMs = 1_000;
const maxPauseMs = 300_000;

/** @param tries so far, in vain @returns milliseconds */
export function pauseAfter(tries: number): number {
  return Math.min(firstPauseMs * 2 ** (tries - 1), maxPauseMs);
}

export function createForgetQueue({
  forget,
  onOutcome,
  timers,
  maxTries = mostTries,
  maxWaiting = mostWaiting,
}: ForgetQueueOptions): ForgetQueue {
  const tasks = new Map<string, Task>();
  let isClosed = false;

  function afterFailure(task: Task): void {
    task.underWay = undefined;
    task.tries += 1;
    const isLost = isClosed || task.tries >= maxTries || tasks.size > maxWaiting;
    if (isLost) {
      tasks.delete(task.event.id);
    } else {
      task.timer = timers.setTimeout(() => void tryNow(task).catch(() => {}), pauseAfter(task.tries));
    }
    onOutcome(isLost ? 'lost' : 'waiting', task.event);
  }

  function tryNow(task: Task): Promise<void> {
    if (task.underWay) return task.underWay;
    timers.clearTimeout(task.timer);
    task.underWay = forget(task.event).then(
      () => {
        tasks.delete(task.event.id);
        onOutcome('done', task.event);
      },
      (error) => {
        afterFailure(task);
        throw error;
      },
    );
    return task.underWay;
  }

  return {
    forget(event) {
      const task = tasks.get(event.id) ?? { event, tries: 0 };
      tasks.set(event.id, task);
      return tryNow(task);
    },
    close() {
      isClosed = true;
      for (const task of tasks.values()) {
        // One under way tells its own outcome.
        if (task.underWay) continue;
        timers.clearTimeout(task.timer);
        onOutcome('lost', task.event);
      }
    },
  };
}
