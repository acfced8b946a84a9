/** Measures candidates one after another on the same operations, so that their costs can be set beside each other. */
import type { Candidate } from './candidates/candidates.ts';
import type { Measured } from './load-report.ts';
import { type LoadOptions, type Measurement, measureLoad } from './measure-load.ts';
import { runCandidate } from './run-candidate.ts';
import { type OperationName, operations, supergraphFile } from './workload.ts';

export interface CompareOptions extends LoadOptions {
  readonly operations: readonly OperationName[];
  /** Everything is measured so many times. */
  readonly rounds: number;
  /** Told what is being measured. */
  readonly onProgress: (what: string) => void;
}

/**
 * @param oracle gives the answers that all must give
 * @throws Error for a candidate that answers anything else
 */
export async function compare(
  oracle: Candidate,
  candidates: readonly Candidate[],
  options: CompareOptions,
): Promise<Measured[]> {
  const expected = await askOracle(oracle, options.operations);
  const rows = options.operations.flatMap((operation) =>
    candidates.map((candidate) => ({ operation, candidate, rounds: [] as Measurement[] })),
  );
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const { operation, candidate, rounds } of rows) {
      options.onProgress(`round ${round} of ${options.rounds}: ${operation}, ${candidate.name}`);
      rounds.push(await measureLoad(candidate, operations[operation], expected.get(operation), options));
    }
  }
  return rows.map(({ operation, candidate, rounds }) => ({
    operation,
    candidate: candidate.name,
    ...leastDisturbed(rounds),
  }));
}

async function askOracle(
  oracle: Candidate,
  names: readonly OperationName[],
): Promise<Map<OperationName, unknown>> {
  const running = await runCandidate(oracle, supergraphFile);
  const answers = new Map<OperationName, unknown>();
  try {
    for (const name of names) {
      const { status, body } = await running.ask(oracle.toBody(operations[name]));
      const answer: { errors?: unknown } = JSON.parse(body.toString());
      if (status !== 200 || answer.errors) throw new Error(`${oracle.name} cannot answer ${name}: ${body}`);
      answers.set(name, answer);
    }
    return answers;
  } finally {
    await running.close();
  }
}

/** Neighbours on the machine only ever add to the CPU time of a request. */
function leastDisturbed(rounds: readonly Measurement[]): Measurement {
  return rounds.reduce((best, round) => (round.cpuMs < best.cpuMs ? round : best));
}
