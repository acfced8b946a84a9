import { readdirSync, readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { createChecks } from '../../registry/check/run-check.ts';

const supergraph = readFileSync('subgraphs/supergraph.graphql', 'utf8');

test('every thread of a process that checks lets the registry and gateways go first', async () => {
  const checks = createChecks({ timeoutMs: 60_000, maxHeapMb: 512, concurrency: 1 });
  onTestFinished(checks.close);
  await checks.run('diff', { before: supergraph, after: supergraph });
  const [checker] = childrenOf('self').filter((pid) =>
    read(`/proc/${pid}/cmdline`).includes('check-process'),
  );
  const priorities = readdirSync(`/proc/${checker}/task`).map((thread) =>
    Number(read(`/proc/${checker}/task/${thread}/stat`).split(') ')[1]?.split(' ')[16]),
  );
  expect(new Set(priorities)).toEqual(new Set([5]));
});

function childrenOf(process: string): string[] {
  return readdirSync(`/proc/${process}/task`).flatMap((thread) =>
    read(`/proc/${process}/task/${thread}/children`).trim().split(' '),
  );
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
