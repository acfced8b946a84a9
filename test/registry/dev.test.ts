import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { greetingGraph } from '../support/greeting-graph.ts';
import { type RunningProgram, startProgram } from '../support/run-program.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

vi.setConfig({ testTimeout: 60_000 });

const minigate = resolve('registry/cli/bin/minigate.js');
const folder = mkdtempSync(join(tmpdir(), 'minigate-dev-test-'));
const config = join(folder, 'supergraph.yaml');
const schema = (sdl: string): void => writeFileSync(join(folder, 'greeting.graphql'), sdl);
let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await startTestSubgraph(greetingGraph);
  const greeting = { routing_url: subgraph.url, schema: { file: 'greeting.graphql' } };
  writeFileSync(config, JSON.stringify({ subgraphs: { greeting } }));
});
afterAll(() => subgraph.close());

const dev = (args: readonly string[]): RunningProgram =>
  startProgram([minigate, 'dev', '--port', '0', ...args]);

async function ask(program: RunningProgram, query: string): Promise<unknown> {
  await program.waitFor('Minigate listens at');
  const url = /listens at (\S+),/.exec(program.output().stderr)?.[1] ?? '';
  const body = JSON.stringify({ query });
  const headers = { 'content-type': 'application/json', 'minigate-cost': '1' };
  const response = await fetch(url, { method: 'POST', headers, body });
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: { message: string }[] };
  return errors?.[0]?.message ?? { ...(data as object), fetches: response.headers.get('minigate-fetches') };
}

test('a gateway over schema files follows them, and serves on while they are wrong', async () => {
  schema('type Query { hello: String }');
  const program = dev(['--config', config]);
  expect(await ask(program, '{ hello }')).toEqual({ hello: 'hello', fetches: '1' });

  schema('type Query { hello String }');
  await program.waitFor('INVALID_GRAPHQL: [greeting] line 1, column 20');
  expect(await ask(program, '{ hello }')).toEqual({ hello: 'hello', fetches: '1' });

  schema('type Query { hello: String goodbye: String }');
  await program.waitFor('Composed anew.');
  await vi.waitFor(
    async () => expect(await ask(program, '{ goodbye }')).toEqual({ goodbye: 'goodbye', fetches: '1' }),
    { timeout: 15_000, interval: 200 },
  );
  program.process.kill('SIGTERM');
  expect((await program.ended).exitCode).toBe(0);
});

test('a gateway over running subgraphs composes what they say', async () => {
  const program = dev(['--subgraph', `greeting=${subgraph.url}`]);
  expect(await ask(program, '{ hello goodbye }')).toEqual({
    ...{ hello: 'hello', goodbye: 'goodbye', fetches: '1' },
  });
  program.process.kill('SIGTERM');
  expect((await program.ended).exitCode).toBe(0);
});

test.each([
  ['neither files nor servers', [], 2, 'Give either --config with schema files, or --subgraph name=URL.'],
  ['a file that is not there', ['--config', 'no.yaml'], 2, 'no.yaml cannot be read.'],
  ['a server that does not answer', ['--subgraph', 'shop=http://127.0.0.1:9/graphql'], 2, 'Start it first'],
])('%s ends with 2 and says why', async (_, args, exitCode, message) => {
  const ended = await dev(args).ended;
  expect(ended).toEqual({ exitCode, stdout: '', stderr: expect.stringContaining(message) });
});

test('schemas that do not compose at the start end with 1 and every reason', async () => {
  schema('type Query { hello: Missing }');
  const { exitCode, stderr } = await dev(['--config', config]).ended;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr: 'The subgraphs do not compose:\n  INVALID_GRAPHQL: [greeting] Unknown type Missing\n',
  });
});
