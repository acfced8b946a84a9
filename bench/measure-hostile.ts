/** Watches what a candidate's memory does while a subgraph sends what it should not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from './candidates/candidates.ts';
import { hostileAnswers } from './hostile-answers.ts';
import { forgetPeak, readMemory } from './process-tree.ts';
import { runCandidate } from './run-candidate.ts';
import { collectable, readSettledMb } from './settled-memory.ts';
import { operations, readWorkload, subgraphsOrigin } from './workload.ts';

export interface HostileOutcome {
  readonly title: string;
  /** How far memory rose above what it was, while the answer came. */
  readonly peakAddedMb: number;
  /** What stayed of that after a garbage collection. */
  readonly keptMb: number;
  /** The beginning of what the client was told. */
  readonly told: string;
}

const warmUpRequests = 2_000;

/** @param folder for the supergraphs that send the candidate to a hostile subgraph */
export async function measureHostile(candidate: Candidate, folder: string): Promise<HostileOutcome[]> {
  const outcomes: HostileOutcome[] = [];
  for (const [path, { title }] of hostileAnswers) {
    const supergraph = join(folder, `${path.replaceAll('/', '-').slice(1)}.graphql`);
    const text = readWorkload('supergraph.graphql');
    writeFileSync(supergraph, text.replace(`${subgraphsOrigin}/products`, `${subgraphsOrigin}${path}`));
    outcomes.push({ title, ...(await askHostile(candidate, supergraph)) });
  }
  return outcomes;
}

async function askHostile(candidate: Candidate, supergraph: string): Promise<Omit<HostileOutcome, 'title'>> {
  const { pid, ask, close } = await runCandidate(candidate, supergraph, collectable);
  const harmless = candidate.toBody(operations.me);
  try {
    await Promise.all(Array.from({ length: warmUpRequests }, () => ask(harmless)));
    const beforeMb = await readSettledMb(pid);
    forgetPeak(pid);
    const { status, body } = await ask(candidate.toBody(operations.light));
    const { peakMb } = readMemory(pid);
    return {
      peakAddedMb: peakMb - beforeMb,
      keptMb: (await readSettledMb(pid)) - beforeMb,
      told: `${status} ${body.subarray(0, 120)}`,
    };
  } finally {
    await close();
  }
}
