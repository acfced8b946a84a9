/** Starts a candidate on a free port and asks it. */
import { createServer } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { Candidate } from './candidates/candidates.ts';
import { type Answer, createHttpClient } from './http-client.ts';
import { startProgram } from './start-program.ts';

export const connections = 50;
/** The candidate has a core to itself; subgraphs and load share the other. */
export const candidateCore = 0;
export const loadCore = 1;

export interface RunningCandidate {
  readonly pid: number;
  ask(body: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function runCandidate(
  candidate: Candidate,
  supergraph: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningCandidate> {
  const port = await findFreePort();
  const program = await startProgram({
    command: candidate.command(supergraph, port),
    env: { NODE_ENV: 'production', ...candidate.env, ...env },
    port,
    core: candidateCore,
  });
  const client = createHttpClient(`http://127.0.0.1:${port}`, connections);
  return {
    pid: program.pid,
    ask: (body) => client.post('/graphql', body),
    async close() {
      await client.close();
      await program.close();
    },
  };
}

/** @throws Error with the answer when it is not the one expected */
export function expectAnswer({ name }: Candidate, answer: Answer, expected: unknown): void {
  const text = answer.body.toString();
  if (answer.status === 200 && isDeepStrictEqual(JSON.parse(text), expected)) return;
  throw new Error(
    `${name} does not answer as unchanged Apollo does: status ${answer.status}, ${text.slice(0, 2_000)}`,
  );
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
