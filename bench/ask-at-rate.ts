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

/** What was noted of requests, by one load or by several one after the other. */
export interface RateSample {
  requests: number;
  readonly latencies: number[];
  readonly failures: string[];
}

export interface SteadyLoad {
  /** Sends no more, waits for what is on its way. @returns the outcome of the whole sample */
  stop(): Promise<RateOutcome>;
}

const tickMs = 2;

export function createSample(): RateSample {
  return { requests: 0, latencies: [], failures: [] };
}

/** @param ask rejects when the answer is not as it should be @param sample added to */
export function askAtRate(
  perSecond: number,
  ask: (number: number) => Promise<void>,
  sample = createSample(),
): SteadyLoad {
  const { latencies, failures } = sample;
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
      sample.requests += sent;
      return toOutcome(sample);
    },
  };
}

function toOutcome({ requests, latencies, failures }: RateSample): RateOutcome {
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    ...{ requests, failed: failures.length, firstFailure: failures[0] },
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    maxMs: sorted.at(-1) ?? Number.NaN,
  };
}
