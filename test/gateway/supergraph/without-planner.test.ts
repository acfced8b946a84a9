import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import { openPolicy } from '../../support/delivered-gateway.ts';
import { goodbye, greetingGraph, hello, toGreetings } from '../../support/greeting-graph.ts';
import { type RunningProgram, startProgram } from '../../support/run-program.ts';
import { type StandInRegistry, startStandInRegistry } from '../../support/stand-in-registry.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

let subgraph: TestSubgraph;
let registry: StandInRegistry;
const running: RunningProgram[] = [];

beforeAll(async () => {
  subgraph = await startTestSubgraph(greetingGraph);
  registry = await startStandInRegistry();
  await registry.publish(toGreetings(subgraph.url, ['hello']));
});
afterAll(async () => {
  for (const program of running) program.process.kill();
  await Promise.all(running.map(({ ended }) => ended));
  await Promise.all([registry.close(), subgraph.close()]);
});

/** As its own process, which notes what it loads. */
async function start(flags: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'minigate-loaded-'));
  const loaded = join(folder, 'loaded');
  const program = startProgram(
    [
      ...['--import', new URL('../../support/note-loaded-modules.ts', import.meta.url).pathname],
      ...['gateway/main.ts', '--registry', registry.url, '--bundles-token', registry.trust.token],
      ...registry.trust.publicKeys.flatMap((key) => ['--bundles-public-keys', key]),
      ...['--bundles-copy-file', join(folder, 'bundle'), '--bundles-interval-ms', '100'],
      ...['--port', '0', '--admin-port', '0', ...flags],
    ],
    { NOTE_LOADED_MODULES: loaded },
  );
  running.push(program);
  await program.waitFor('Minigate listens at');
  const url = /listens at (\S+),/.exec(program.output().stderr)?.[1] ?? '';
  const ask = async (body: object): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as unknown;
  };
  return {
    ask,
    hasPlanner: () => existsSync(loaded) && readFileSync(loaded, 'utf8').includes('/@apollo/query-planner/'),
    hasWorker: () => readFileSync(loaded, 'utf8').includes('/planner-worker.ts'),
  };
}

test('a gateway that runs registered operations alone loads no planner and no worker, a swap included', async () => {
  const gateway = await start(['--policy', openPolicy]);
  expect(await gateway.ask({ documentId: documentIdOf(hello) })).toEqual({ data: { hello: 'hello' } });
  await registry.publish(toGreetings(subgraph.url, ['hello', 'goodbye']));
  await expect
    .poll(() => gateway.ask({ documentId: documentIdOf(goodbye) }), { timeout: 10_000 })
    .toEqual({ data: { goodbye: 'goodbye' } });
  expect({ planner: gateway.hasPlanner(), worker: gateway.hasWorker() }).toEqual({
    planner: false,
    worker: false,
  });
});

test('one that runs other documents too loads it at the first of them', async () => {
  const gateway = await start(['--policy', openPolicy, '--persisted-policy', 'measure']);
  await gateway.ask({ documentId: documentIdOf(hello) });
  expect(gateway.hasPlanner()).toBe(false);
  expect(await gateway.ask({ query: '{ again: hello }' })).toEqual({ data: { again: 'hello' } });
  expect({ planner: gateway.hasPlanner(), worker: gateway.hasWorker() }).toEqual({
    planner: true,
    worker: true,
  });
});
