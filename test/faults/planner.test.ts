/** Faults of the planner's thread: who asked is refused, who waits is answered by the next thread. */
import { describe, expect, test } from 'vitest';
import { bombSdl, toBomb } from '../../bench/fragment-bombs.ts';
import { createPlanner } from '../../gateway/planning/planner.ts';
import { composeSubgraphs } from '../../registry/compose.ts';
import { watchEventLoop } from '../support/event-loop-hold.ts';
import { startTestGateway } from '../support/test-gateway.ts';
import { startTestSubgraph } from '../support/test-subgraph.ts';

const { supergraphSdl } = composeSubgraphs([
  { name: 'nodes', routingUrl: 'http://127.0.0.1:9/graphql', sdl: bombSdl },
]);
interface Refusal {
  readonly errors: readonly { readonly extensions: { readonly code: string } }[];
}

/** Takes the planner more than a second on any machine. */
const dear = { levels: 4, types: 12 };

describe.each([
  { fault: 'never returns', timeoutMs: 200, maxHeapMb: 512, reason: 'a plan took too long' },
  {
    fault: 'runs out of memory',
    timeoutMs: 60_000,
    maxHeapMb: 32,
    reason: 'Worker terminated due to reaching memory limit: JS heap out of memory',
  },
])('B-47 a planner that $fault', ({ timeoutMs, maxHeapMb, reason }) => {
  test('refuses the operation that did it; those that wait are planned by another within 1 s', async () => {
    const restarts: { reason: string; atMs: number }[] = [];
    const planner = await createPlanner({
      ...{ supergraphSdl, timeoutMs, maxHeapMb, maxQueued: 10 },
      onRestart: (why) => restarts.push({ reason: why, atMs: performance.now() }),
    });
    const backAfterMs: number[] = [];
    const holdsMs: number[] = [];
    // Several rounds, because a busy machine may be late in one of them, and collect garbage in another.
    for (const round of [1, 2, 3]) {
      const eventLoop = watchEventLoop();
      const refused = planner.plan(toBomb(dear, round), undefined).catch((error: unknown) => error);
      const waiting = ['a', 'b', 'c'].map((alias) => planner.plan(`{ ${alias}${round}: hello }`, undefined));
      expect(await refused).toMatchObject({ code: 'PLAN_TOO_EXPENSIVE', status: 400 });
      expect((await Promise.all(waiting)).map(({ kind }) => kind)).toEqual(waiting.map(() => 'QueryPlan'));
      backAfterMs.push(performance.now() - (restarts.at(-1)?.atMs ?? Number.NaN));
      holdsMs.push(eventLoop.stop());
    }
    await planner.close();
    expect(restarts.map((restart) => restart.reason)).toEqual([reason, reason, reason]);
    expect(Math.min(...backAfterMs)).toBeLessThan(1_000);
    expect(Math.min(...holdsMs)).toBeLessThan(20);
  }, 60_000);
});

test('B-47 an operation that was too expensive once is refused from memory, the planner left alone', async () => {
  const subgraph = await startTestSubgraph({ name: 'nodes', sdl: bombSdl, resolvers: {} });
  const gateway = await startTestGateway({
    subgraphs: [subgraph],
    config: {
      dev: true,
      planner: { timeoutMs: 50 },
      limits: { maxSelections: 1_000_000, maxCost: Number.MAX_SAFE_INTEGER },
      budgets: { address: { capacity: 0 }, app: { capacity: 0 } },
    },
  });
  const ask = async (query: string) => {
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    return { status: response.status, code: ((await response.json()) as Refusal).errors[0]?.extensions.code };
  };
  const refusal = { status: 400, code: 'PLAN_TOO_EXPENSIVE' };

  expect(await Promise.all([ask(toBomb(dear)), ask(toBomb(dear))])).toEqual([refusal, refusal]);
  expect(await ask(toBomb(dear))).toEqual(refusal);
  const restarts = gateway.log().filter(({ msg }) => msg === 'the planner was restarted');
  expect(restarts.map(({ reason }) => reason)).toEqual(['a plan took too long']);

  await gateway.close();
  await subgraph.close();
});
