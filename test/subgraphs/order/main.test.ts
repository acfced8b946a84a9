/** The order subgraph as a program of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { internalKey } from '../../support/subgraph-call.ts';

const program = fileURLToPath(new URL('../../../subgraphs/order/main.ts', import.meta.url));
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [program], {
    env: { PORT: '0', MINIGATE_INTERNAL_KEY: internalKey, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  return child;
}

test('starts before the product subgraph does, and ends cleanly at SIGTERM', {
  timeout: 60_000,
}, async () => {
  const child = start({ PRODUCT_URL: 'http://127.0.0.1:1/graphql' });
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');

  child.kill('SIGTERM');

  expect(line).toMatch(/^order subgraph ready at http:\/\/127\.0\.0\.1:\d+\/graphql\n$/);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.each([
  ['PRODUCT_URL', 'product:4103', 'PRODUCT_URL must begin with http:// or https://'],
  ['MINIGATE_INTERNAL_KEY', 'short', 'MINIGATE_INTERNAL_KEY must be of 32 characters or more'],
])('says in one line what is wrong with %s', { timeout: 60_000 }, async (name, value, message) => {
  const child = start({ [name]: value });

  const [written, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

  expect({ written, code }).toEqual({ written: `order subgraph: ${message}\n`, code: 1 });
});
