/** Asks the gateway for what its planner cannot plan, and watches what other requests notice of it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { composeSubgraphs } from '../registry/compose.ts';
import { askAtRate, type RateOutcome } from './ask-at-rate.ts';
import type { Candidate } from './candidates/candidates.ts';
import { bombSdl, bombShapes, toBomb } from './fragment-bombs.ts';
import { type RunningCandidate, runCandidate } from './run-candidate.ts';
import { serveAnswers } from './serve-answers.ts';

export interface BombOutcome {
  readonly candidate: string;
  readonly idle: RateOutcome;
  readonly bombed: RateOutcome;
  readonly bombs: readonly BombAnswer[];
}

export interface BombAnswer {
  readonly code: string;
  readonly tookMs: number;
}

export interface BombOptions {
  readonly warmUpMs: number;
  /** Without bombs, and again with them. */
  readonly measureMs: number;
}

const requestsPerSecond = 300;
/** The planner has a thread again before the next one comes. */
const bombEveryMs = 2_000;
const light = JSON.stringify({ query: '{ hello }' });

/** @param folder for the supergraph */
export async function measureBombs(
  candidate: Candidate,
  options: BombOptions,
  folder: string,
): Promise<BombOutcome> {
  const subgraph = await serveAnswers(() => ({ data: { hello: 'you' } }));
  const supergraph = join(folder, 'bombs.graphql');
  const { supergraphSdl } = composeSubgraphs([
    { name: 'nodes', routingUrl: `${subgraph.origin}/graphql`, sdl: bombSdl },
  ]);
  writeFileSync(supergraph, supergraphSdl);
  const running = await runCandidate(candidate, supergraph);
  try {
    await underLoad(running, () => delay(options.warmUpMs));
    const idle = await underLoad(running, () => delay(options.measureMs));
    const bombs: BombAnswer[] = [];
    const bombed = await underLoad(running, async () => {
      for (let number = 0; number * bombEveryMs < options.measureMs; number += 1) {
        const [answer] = await Promise.all([sendBomb(running, number), delay(bombEveryMs)]);
        bombs.push(answer);
      }
    });
    return { candidate: candidate.name, idle, bombed, bombs };
  } finally {
    await running.close();
    await subgraph.close();
  }
}

async function underLoad({ ask }: RunningCandidate, work: () => Promise<void>): Promise<RateOutcome> {
  const load = askAtRate(requestsPerSecond, async () => {
    const { status, body } = await ask(light);
    if (status !== 200) throw new Error(`${status} ${body}`);
  });
  await work();
  return load.stop();
}

/** One level deeper than is known to hold planners up, so that a fast machine does not plan it in time. */
async function sendBomb({ ask }: RunningCandidate, number: number): Promise<BombAnswer> {
  const { levels, types } = bombShapes[number % bombShapes.length] ?? { levels: 1, types: 1 };
  const startedAt = performance.now();
  const { status, body } = await ask(
    JSON.stringify({ query: toBomb({ levels: levels + 1, types }, number) }),
  );
  const { errors = [] } = JSON.parse(body.toString()) as { errors?: { extensions: { code: string } }[] };
  return { code: `${status} ${errors[0]?.extensions.code ?? ''}`, tookMs: performance.now() - startedAt };
}
