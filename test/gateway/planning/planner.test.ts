import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bombSdl, toBomb } from '../../../bench/fragment-bombs.ts';
import { createPlanner, type Planner } from '../../../gateway/planning/planner.ts';
import { composeSubgraphs } from '../../../registry/compose.ts';

const { supergraphSdl } = composeSubgraphs([
  { name: 'nodes', routingUrl: 'http://127.0.0.1:9/graphql', sdl: bombSdl },
]);
const options = { supergraphSdl, timeoutMs: 60_000, maxQueued: 2, maxHeapMb: 512 };
const bomb = toBomb({ levels: 3, types: 12 });

let planner: Planner;

beforeAll(async () => {
  planner = await createPlanner(options);
});

afterAll(() => planner?.close());

test('a plan is plain data', async () => {
  expect(await planner.plan('{ hello }', undefined)).toEqual({
    kind: 'QueryPlan',
    node: expect.objectContaining({ kind: 'Fetch', serviceName: 'nodes', operation: '{hello}' }),
  });
});

test.runIf(process.platform === 'linux')('requests have a core before the planner has', () => {
  const priorities = readdirSync('/proc/self/task').map((thread) => getPriority(Number(thread)));
  const ofRequests = getPriority();
  expect(priorities.filter((priority) => priority !== ofRequests)).toEqual([ofRequests + 5]);
});

test('of several operations in a document the named one is planned', async () => {
  const plan = await planner.plan('query A { hello } query B { node6 { id } }', 'B');
  expect(plan.node).toMatchObject({ operation: 'query B__nodes__0{node6{__typename id}}' });
});

test('an operation that does not fit the schema is too expensive to plan, and the planner goes on', async () => {
  await expect(planner.plan('{ nothing }', undefined)).rejects.toMatchObject({
    code: 'PLAN_TOO_EXPENSIVE',
    message: 'This operation cannot be planned.',
  });
  expect(await planner.plan('{ hello }', undefined)).toMatchObject({ kind: 'QueryPlan' });
});

test('who asks for the same plan at the same time gets the same plan', async () => {
  const [one, other] = await Promise.all([
    planner.plan('{ a: hello }', undefined),
    planner.plan('{ a: hello }', undefined),
  ]);
  expect(one).toBe(other);
});

test('an operation may be given more time than others', async () => {
  const hasty = await createPlanner({ ...options, timeoutMs: 1 });
  await expect(hasty.plan(bomb, undefined)).rejects.toMatchObject({ code: 'PLAN_TOO_EXPENSIVE' });
  expect(await hasty.plan('{ hello }', undefined, 60_000)).toMatchObject({ kind: 'QueryPlan' });
  await hasty.close();
});

test('more operations than may wait are refused at once, with the time to wait', async () => {
  const busy = await createPlanner(options);
  const planned = busy.plan(bomb, undefined).catch(() => 'ended');
  const waiting = [busy.plan('{ a: hello }', undefined), busy.plan('{ b: hello }', undefined)];
  await expect(busy.plan('{ c: hello }', undefined)).rejects.toMatchObject({
    code: 'OVERLOADED',
    status: 503,
    headers: { 'retry-after': '1' },
  });
  const outcomes = Promise.allSettled(waiting);
  await busy.close();
  expect(await planned).toBe('ended');
  expect(await outcomes).toEqual(
    waiting.map(() => ({ status: 'rejected', reason: expect.objectContaining({ code: 'SHUTTING_DOWN' }) })),
  );
});

test('a planner that is closed plans nothing more', async () => {
  const closed = await createPlanner(options);
  await closed.close();
  await expect(closed.plan('{ hello }', undefined)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
});

test('there is no planner over what is no supergraph', async () => {
  await expect(createPlanner({ ...options, supergraphSdl: 'type Query { a: Int }' })).rejects.toThrow();
});
