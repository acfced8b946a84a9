import { expect, onTestFinished, test } from 'vitest';
import { createLargeGraph } from '../../bench/large-graph.ts';
import type { CheckJob, CheckOutcome } from '../../registry/check/check-candidate.ts';
import { type Checks, createChecks } from '../../registry/check/run-check.ts';

const { subgraphs, operations } = createLargeGraph(
  { subgraphs: 3, types: 12, operations: 20 },
  'http://subgraphs.test',
);
const changed = subgraphs.map((subgraph, index) =>
  index === 0 ? { ...subgraph, sdl: subgraph.sdl.replace('tags:', 'labels:') } : subgraph,
);
const check: CheckJob = {
  current: undefined,
  candidate: subgraphs,
  changed: 's0',
  mayActFor: ['*'],
  approvals: [],
  operations: operations.map((operation) => ({
    ...operation,
    versions: [{ client: 'shop', version: '1.0.0' }],
  })),
  access: {},
  published: {},
  maxVanishingPercent: 30,
  force: true,
  bundle: undefined,
};
const bundle = {
  ...{ environment: 'dev', sequence: 2, createdAt: '1970-01-01T00:00:00.000Z' },
  manifests: [{ client: 'shop', version: '1.0.0', operations: [...operations] }],
};

function startChecks(): Checks {
  const checks = createChecks({ timeoutMs: 60_000, maxHeapMb: 512, concurrency: 1 });
  onTestFinished(checks.close);
  return checks;
}

/** What came of it, and the steps that it took. */
async function run(checks: Checks, job: CheckJob) {
  const steps: string[] = [];
  const outcome = await checks.run('check', job, ({ step }) => steps.push(step));
  return { outcome, steps: [...new Set(steps)] };
}

function toCurrent({ version }: CheckOutcome): CheckJob['current'] {
  return version && { ...version, subgraphs };
}

test('a publish after its check composes and plans nothing again, and comes to the very same', async () => {
  const [one, other] = [startChecks(), startChecks()];
  const current = toCurrent((await run(one, check)).outcome);
  const candidate = { ...check, current, candidate: changed };
  expect((await run(one, candidate)).steps).toEqual(['compose', 'operations']);
  const publish = { ...candidate, bundle };
  const [after, alone] = [await run(one, publish), await run(other, publish)];
  expect(after.steps).toEqual(['bundle']);
  expect(alone.steps).toEqual(['compose', 'operations', 'bundle']);
  expect(after.outcome).toEqual(alone.outcome);
  expect(after.outcome.report.operations.broken.length).toBeGreaterThan(0);
});

test('what else is in force, and which operations there are, is looked at anew', async () => {
  const [one, other] = [startChecks(), startChecks()];
  const current = toCurrent((await run(one, check)).outcome);
  const fewer = { ...check, candidate: changed, operations: check.operations.slice(5) };
  await run(one, fewer);
  const publish = { ...check, candidate: changed, current, bundle };
  const [after, alone] = [await run(one, publish), await run(other, publish)];
  expect(after.steps).toEqual(['operations', 'bundle']);
  expect(after.outcome).toEqual(alone.outcome);
});

test('operations that are registered for what was just published are all that is planned', async () => {
  const [one, other] = [startChecks(), startChecks()];
  const fewer = { ...check, operations: check.operations.slice(5) };
  const current = toCurrent((await run(one, { ...fewer, bundle })).outcome);
  const composed = current?.supergraphSdl;
  const register = { ...check, current, composed, changed: undefined, force: 'all' as const, bundle };
  const [after, alone] = [await run(one, register), await run(other, register)];
  expect(after.outcome).toEqual(alone.outcome);
});

test('another schema, and another address, is another candidate', async () => {
  const checks = startChecks();
  const moved = subgraphs.map((subgraph) => ({ ...subgraph, routingUrl: 'http://elsewhere.test' }));
  const sdlOf = async (candidate: CheckJob['candidate']) =>
    (await run(checks, { ...check, candidate })).outcome.version?.supergraphSdl;
  const all = [await sdlOf(subgraphs), await sdlOf(changed), await sdlOf(moved), await sdlOf(subgraphs)];
  expect(new Set(all).size).toBe(3);
  expect(all[3]).toBe(all[0]);
});
