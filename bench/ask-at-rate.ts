/** Sends requests at a steady rate, whether or not the earlier ones have been answered. */
import { percentile } from './percentile.ts';

export interface RateOutcome {
  readonly requests: number;
  /** Requests that were not answered as they should have been; the first of them tells what happened. */
  readonly failed: number;
  readonly firstFailure: string | undefined;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface SteadyLoad {
  /** Sends no more, waits for what is on its way. */
  stop(): Promise<RateOutcome>;
}

const tickMs = 2;

/** @param ask rejects when the answer is not as it should be */
export function askAtRate(perSecond: number, ask: (number: number) => Promise<void>): SteadyLoad {
  const latencies: number[] = [];
  const failures: string[] = [];
  const onTheirWay = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;

  const send = async (number: number): Promise<void> => {
    const sentAt = performance.now();
    try {
      await ask(number);
      latencies.push(performance.now() - sentAt);
    } catch (error) {
      failures.push(`${error}`);
    }
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    for (; sent < due; sent += 1) {
      const sending = send(sent).finally(() => onTheirWay.delete(sending));
      onTheirWay.add(sending);
    }
  }, tickMs);

  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(onTheirWay);
      latencies.sort((a, b) => a - b);
      return {
        requests: sent,
        failed: failures.length,
        firstFailure: failures[0],
        p50Ms: percentile(latencies, 0.5),
        p99Ms: percentile(latencies, 0.99),
        maxMs: latencies.at(-1) ?? Number.NaN,
      };
    },
  };
}
