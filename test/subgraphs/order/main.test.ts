/** The order subgraph as a program of its own. */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type RunningProgram, startProgram } from '../../support/run-program.ts';
import { internalKey } from '../../support/subgraph-call.ts';

const running: RunningProgram[] = [];
afterEach(() => {
  for (const program of running.splice(0)) program.process.kill('SIGKILL');
});

function start(environment: Record<string, string>): RunningProgram {
  const settings = { PORT: '0', MINIGATE_INTERNAL_KEY: internalKey };
  const program = startProgram(['subgraphs/order/main.ts'], { ...settings, ...environment });
  running.push(program);
  return program;
}

test('starts before the product subgraph does, and ends cleanly at SIGTERM', {
  timeout: 60_000,
}, async () => {
  const program = start({ PRODUCT_URL: 'http://127.0.0.1:1/graphql' });
  await program.waitFor('ready');

  program.process.kill('SIGTERM');

  expect(await program.ended).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^order subgraph ready at http:\/\/127\.0\.0\.1:\d+\/graphql\n$/),
  });
});

test('says in one line all that is wrong with its settings, before it opens a database', async () => {
  const dataDir = join(tmpdir(), `minigate-never-${process.pid}`);
  const program = start({ MINIGATE_INTERNAL_KEY: 'short', PRODUCT_URL: 'product:4103', DATA_DIR: dataDir });

  expect(await program.ended).toEqual({
    exitCode: 1,
    stdout: '',
    stderr:
      'order subgraph: MINIGATE_INTERNAL_KEY must be of 32 characters or more; ' +
      'PRODUCT_URL must begin with http:// or https://\n',
  });
  expect(existsSync(dataDir)).toBe(false);
});

test('one bad setting of its own is enough to leave the database closed', async () => {
  const dataDir = join(tmpdir(), `minigate-never-${process.pid}`);
  const program = start({ PRODUCT_URL: 'product:4103', DATA_DIR: dataDir });

  expect(await program.ended).toEqual({
    exitCode: 1,
    stdout: '',
    stderr: 'order subgraph: PRODUCT_URL must begin with http:// or https://\n',
  });
  expect(existsSync(dataDir)).toBe(false);
});
