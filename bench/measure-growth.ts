/** Watches what a candidate's memory does over many requests. */
import type { Candidate } from './candidates/candidates.ts';
import { toMixedRequest, toNewDocument } from './mixed-requests.ts';
import { connections, type RunningCandidate, runCandidate } from './run-candidate.ts';
import { collectable, readSettledMb } from './settled-memory.ts';
import { supergraphFile } from './workload.ts';

export interface MemorySample {
  /** Answered since the warm-up. */
  readonly requests: number;
  readonly settledMb: number;
}

export interface Growth {
  readonly samples: readonly MemorySample[];
  readonly mbPer100000: number;
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>;
}

const steps = 10;
/** Of the same length, before the first reading: by then the allocators hold what they will hold. */
const warmUpSteps = 4;
/** Several times what a cache of documents holds: one that is still filling is no leak. */
const newDocuments = 5_000;
const firstNewDocument = 1_000_000_000;

/**
 * Memory is read after each tenth of the requests; new documents and four tenths more, before them, warm up.
 *
 * @throws Error for an answer with a status from 500
 */
export async function measureGrowth(
  candidate: Candidate,
  requests: number,
  onProgress: (what: string) => void,
): Promise<Growth> {
  const running = await runCandidate(candidate, supergraphFile, collectable);
  const statuses: Record<string, number> = {};
  const samples: MemorySample[] = [];
  try {
    onProgress(`${candidate.name}: ${newDocuments} new documents`);
    await askAll(running, firstNewDocument, firstNewDocument + newDocuments, statuses, (number) =>
      toNewDocument(candidate, number),
    );
    for (let step = 1 - warmUpSteps; step <= steps; step += 1) {
      const answered = (step * requests) / steps;
      onProgress(
        step <= 0
          ? `${candidate.name}: warming up by mixed requests`
          : `${candidate.name}: ${answered} of ${requests} mixed requests`,
      );
      const from = ((step + warmUpSteps - 1) * requests) / steps;
      await askAll(running, from, from + requests / steps, statuses, (number) =>
        toMixedRequest(candidate, number),
      );
      if (step >= 0) samples.push({ requests: answered, settledMb: await readSettledMb(running.pid) });
    }
  } finally {
    await running.close();
  }
  return { samples, mbPer100000: toSlope(samples) * 100_000, statuses };
}

/** @throws Error for an answer with a status from 500 */
async function askAll(
  { ask }: RunningCandidate,
  from: number,
  to: number,
  statuses: Record<string, number>,
  toBody: (number: number) => string,
): Promise<void> {
  let next = from;
  const keepAsking = async (): Promise<void> => {
    while (next < to) {
      const number = next;
      next += 1;
      const { status, body } = await ask(toBody(number));
      if (status >= 500) throw new Error(`The answer to request ${number} is ${status}: ${body}`);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, keepAsking));
}

/** Megabytes for each request: the slope of the line that fits the samples best, by least squares. */
export function toSlope(samples: readonly MemorySample[]): number {
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanRequests = mean(samples.map(({ requests }) => requests));
  const meanMb = mean(samples.map(({ settledMb }) => settledMb));
  const products = samples.map((sample) => (sample.requests - meanRequests) * (sample.settledMb - meanMb));
  const squares = samples.map(({ requests }) => (requests - meanRequests) ** 2);
  return mean(products) / mean(squares);
}
