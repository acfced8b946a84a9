import { expect, test, vi } from 'vitest';
import { createLargeGraph } from '../../bench/large-graph.ts';
import type { CheckJob } from '../../registry/check/check-candidate.ts';
import { createChecks } from '../../registry/check/run-check.ts';
import { composeSupergraph } from '../../registry/compose.ts';
import { link, people } from '../registry/registry-world.ts';

// Each check is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const toJob = (subgraphs: readonly { name: string; sdl: string }[]): CheckJob => ({
  current: undefined,
  candidate: subgraphs.map((subgraph) => ({ ...subgraph, routingUrl: `http://${subgraph.name}.test` })),
  changed: subgraphs[0]?.name,
  mayActFor: ['*'],
  approvals: [],
  operations: [],
  access: {},
  published: {},
  maxVanishingPercent: 30,
  force: false,
  bundle: undefined,
});

/** Entities that every subgraph reaches by every other: the ways through them double with each level. */
const explosive = Array.from({ length: 8 }, (_, index) => ({
  name: `s${index}`,
  sdl: `${link}
type Query { start${index}: E0 }
${Array.from(
  { length: 12 },
  (_unused, level) => `type E${level} @key(fields: "id") { id: ID! @shareable
    next: E${(level + 1) % 12} @shareable
    other: E${(level + 5) % 12} @shareable
    own${index}: Int }`,
).join('\n')}`,
}));

test('P-06 subgraphs whose ways explode end with an answer, within the limits, and the next check runs', async () => {
  const checks = createChecks({ timeoutMs: 15_000, maxHeapMb: 256, concurrency: 1 });
  const startedAt = performance.now();
  const answer = await checks.run('check', toJob(explosive)).then(
    ({ report }) => report.problems[0]?.code ?? 'passed',
    ({ code }) => code,
  );
  expect(['TOO_COMPLEX', 'COMPOSITION_FAILED', 'passed']).toContain(answer);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  expect((await checks.run('check', toJob([{ name: 'people', sdl: people }]))).report.passed).toBe(true);
});

test('P-06 a check that takes too long is killed, and refused as too complex', async () => {
  const checks = createChecks({ timeoutMs: 50, maxHeapMb: 512, concurrency: 1 });
  await expect(checks.run('check', toJob([{ name: 'people', sdl: people }]))).rejects.toMatchObject({
    code: 'TOO_COMPLEX',
    status: 422,
  });
});

test('P-06 a check whose second thread takes too much memory ends, and is refused as too complex', async () => {
  const { subgraphs, operations } = createLargeGraph(
    { subgraphs: 4, types: 400, operations: 200 },
    'http://subgraphs.test',
  );
  const composed = composeSupergraph(subgraphs);
  const live = operations.map((operation) => ({ ...operation, versions: [] }));
  const job = { ...toJob(subgraphs), composed, operations: live };
  const checks = createChecks({ timeoutMs: 60_000, maxHeapMb: 40, concurrency: 1 });
  await expect(checks.run('check', job)).rejects.toMatchObject({ code: 'TOO_COMPLEX' });
});

test('P-06 a check that takes too much memory ends, and is refused as too complex', async () => {
  const checks = createChecks({ timeoutMs: 60_000, maxHeapMb: 12, concurrency: 1 });
  await expect(checks.run('check', toJob(explosive))).rejects.toMatchObject({ code: 'TOO_COMPLEX' });
});
