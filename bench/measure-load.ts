/** Puts a candidate under load with one operation and reads what a request costs it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Candidate } from './candidates/candidates.ts';
import { percentile } from './percentile.ts';
import { readCpuMs, readMemory } from './process-tree.ts';
import { connections, expectAnswer, type RunningCandidate, runCandidate } from './run-candidate.ts';
import { supergraphFile } from './workload.ts';

export interface Measurement {
  /** User and system time of the whole process tree, for each request answered. */
  readonly cpuMs: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Resident memory at its highest, since the candidate's start. */
  readonly peakMb: number;
}

export interface LoadOptions {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

/** @throws Error when the answer is not `expected`, or one under load is not like the first */
export async function measureLoad(
  candidate: Candidate,
  query: string,
  expected: unknown,
  options: LoadOptions,
): Promise<Measurement> {
  const running = await runCandidate(candidate, supergraphFile);
  try {
    const body = candidate.toBody(query);
    const first = await running.ask(body);
    expectAnswer(candidate, first, expected);
    return await underLoad(running, body, first.body.length, options);
  } finally {
    await running.close();
  }
}

/** Closed loop: each connection asks again as soon as it is answered. */
async function underLoad(
  { pid, ask }: RunningCandidate,
  body: string,
  expectedBytes: number,
  { warmUpMs, measureMs }: LoadOptions,
): Promise<Measurement> {
  const latencies: number[] = [];
  let phase: 'warm-up' | 'measured' | 'over' = 'warm-up';

  const keepAsking = async (): Promise<void> => {
    while (phase !== 'over') {
      const sentAt = performance.now();
      const answer = await ask(body);
      if (answer.status !== 200 || answer.body.length !== expectedBytes)
        throw new Error(`An answer under load differs from the first: ${answer.status} ${answer.body}`);
      if (phase === 'measured') latencies.push(performance.now() - sentAt);
    }
  };
  const readPhases = async (): Promise<{ cpuMs: number; seconds: number }> => {
    await delay(warmUpMs);
    const cpuBefore = readCpuMs(pid);
    const startedAt = performance.now();
    phase = 'measured';
    await delay(measureMs);
    phase = 'over';
    return { cpuMs: readCpuMs(pid) - cpuBefore, seconds: (performance.now() - startedAt) / 1000 };
  };
  const asking = Promise.all(Array.from({ length: connections }, keepAsking));
  try {
    const [{ cpuMs, seconds }] = await Promise.all([readPhases(), asking]);
    latencies.sort((a, b) => a - b);
    return {
      cpuMs: cpuMs / latencies.length,
      requestsPerSecond: latencies.length / seconds,
      p50Ms: percentile(latencies, 0.5),
      p99Ms: percentile(latencies, 0.99),
      peakMb: readMemory(pid).peakMb,
    };
  } finally {
    phase = 'over';
  }
}
