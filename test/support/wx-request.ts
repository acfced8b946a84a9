/** `wx.request` with the platform's rules: ten at a time, time-outs, aborting, and five seconds in the background. */
import { type Callbacks, settle, type WxFailure } from './wx-callbacks.ts';
import { transfer, type WxRequest, type WxResponse } from './wx-transfer.ts';

const maxConcurrent = 10;
const defaultTimeoutMs = 60_000;
const backgroundGraceMs = 5_000;

export interface Timers {
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(handle: unknown): void;
}

export interface RequestOption extends WxRequest, Callbacks<WxResponse> {
  /** Milliseconds from when the request leaves the queue. */
  readonly timeout?: number | undefined;
}

export interface RequestTask {
  abort(): void;
}

interface Entry {
  readonly option: RequestOption;
  stop(): void;
}

type Outcome = { readonly result: WxResponse } | { readonly failure: WxFailure };

const interrupted: Outcome = { failure: { errMsg: 'request:fail interrupted', errno: 600003 } };

export function createWxRequest({ referer, timers }: { readonly referer: string; readonly timers: Timers }) {
  const queued: Entry[] = [];
  const running = new Set<Entry>();
  let graceTimer: unknown;
  let suspended = false;

  function finish(entry: Entry, outcome: Outcome): void {
    const place = queued.indexOf(entry);
    if (place >= 0) queued.splice(place, 1);
    else if (!running.delete(entry)) return;
    entry.stop();
    settle(entry.option, outcome);
    startNext();
  }

  function startNext(): void {
    while (running.size < maxConcurrent) {
      const entry = queued.shift();
      if (!entry) return;
      running.add(entry);
      start(entry);
    }
  }

  function start(entry: Entry): void {
    const timeout = timers.setTimeout(
      () => finish(entry, { failure: { errMsg: 'request:fail timeout', errno: 5 } }),
      entry.option.timeout ?? defaultTimeoutMs,
    );
    // A transfer that is refused at once finishes inside this call, before it could be stopped.
    entry.stop = () => timers.clearTimeout(timeout);
    const stopTransfer = transfer(entry.option, referer, (outcome) => finish(entry, outcome));
    entry.stop = () => {
      timers.clearTimeout(timeout);
      stopTransfer();
    };
  }

  return {
    /** Unlike the rest of `wx`, it never gives a promise. */
    request(option: RequestOption): RequestTask {
      const entry: Entry = { option, stop: () => {} };
      queued.push(entry);
      if (suspended) finish(entry, interrupted);
      else startNext();
      return { abort: () => finish(entry, { failure: { errMsg: 'request:fail abort' } }) };
    },
    background(): void {
      graceTimer = timers.setTimeout(() => {
        suspended = true;
        for (const entry of [...queued, ...running]) finish(entry, interrupted);
      }, backgroundGraceMs);
    },
    foreground(): void {
      timers.clearTimeout(graceTimer);
      suspended = false;
    },
  };
}
