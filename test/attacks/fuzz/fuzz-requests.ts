/** Sends random attacks to a gateway and measures for how long each holds the event loop. */
import { createRandom } from '../../../bench/random.ts';
import type { AttackWorld } from '../../support/attack-world.ts';
import { watchEventLoop } from '../../support/event-loop-hold.ts';
import { attackCorpus, nonce, type RequestParts } from './attack-corpus.ts';
import { maxBytes, mutateRequest } from './mutate-request.ts';

export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  readonly maxHoldMs: number;
}

export interface FuzzFinding {
  readonly shape: string;
  readonly position: number;
  readonly holdMs: number;
  readonly status: number;
  readonly request: RequestParts;
}

export interface FuzzReport {
  readonly statuses: Readonly<Record<number, number>>;
  readonly longestHoldMs: number;
  readonly findings: readonly FuzzFinding[];
}

const attempts = 10;

/**
 * Finds a request that holds the loop for too long in each of ten attempts, every time as new to the gateway as the
 * first, since what is compiled or collected once is not the request's; and one that is answered by a fault.
 */
export async function fuzzRequests(world: AttackWorld, options: FuzzOptions): Promise<FuzzReport> {
  const random = createRandom(options.seed);
  const shapes = Object.entries(attackCorpus);
  const statuses: Record<number, number> = {};
  const findings: FuzzFinding[] = [];
  let longestHoldMs = 0;
  let serial = options.seed * 1_000_000;

  for (let position = 0; position < options.count; position += 1) {
    const [shape, grow] = random.pick(shapes);
    const [, growOther] = random.pick(shapes);
    const bytes = random.chance(0.5) ? maxBytes - 1_000 : 1 + random.below(maxBytes - 1_000);
    const request = mutateRequest(grow(bytes), random, growOther(1 + random.below(20_000)));
    let holdMs = Number.POSITIVE_INFINITY;
    let status = 0;
    for (let attempt = 0; attempt < attempts && holdMs > options.maxHoldMs; attempt += 1) {
      serial += 1;
      const again = await send(world, request, `${serial}`.padStart(nonce.length, '0'));
      holdMs = Math.min(holdMs, again.holdMs);
      status = again.status;
    }
    statuses[status] = (statuses[status] ?? 0) + 1;
    longestHoldMs = Math.max(longestHoldMs, holdMs);
    if (holdMs > options.maxHoldMs || status === 0 || (status >= 500 && status !== 503))
      findings.push({ shape, position, holdMs, status, request });
  }
  return { statuses, longestHoldMs, findings };
}

async function send(
  world: AttackWorld,
  { body, headers }: RequestParts,
  serial: string,
): Promise<{ status: number; holdMs: number }> {
  const bytes = Buffer.from(body.replaceAll(nonce, serial)).subarray(0, maxBytes);
  await new Promise(setImmediate);
  const eventLoop = watchEventLoop();
  const { status } = await world.ask({ body: bytes, headers }, 'user');
  return { status, holdMs: eventLoop.stop() };
}
