import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { startProgram } from '../../support/run-program.ts';

// The first start also checks and publishes the shop's schemas, in a process of its own.
vi.setConfig({ testTimeout: 60_000 });

const dataDir = mkdtempSync(join(tmpdir(), 'minigate-start-'));
const folder = join(dataDir, 'postgres');
afterAll(() => rmSync(dataDir, { recursive: true }));

const anyPort = {
  GATEWAY_PORT: '0',
  ADMIN_PORT: '0',
  REGISTRY_PORT: '0',
  SIMULATOR_PORT: '0',
  USER_PORT: '0',
  ORDER_PORT: '0',
  PRODUCT_PORT: '0',
  DATA_DIR: dataDir,
};

test('npm start is ready with an order placed, keeps its data to itself, and ends on SIGTERM within 5 s', async () => {
  const first = startProgram(['deploy/laptop/main.ts'], anyPort);
  await first.waitFor('Ctrl+C ends it.');
  expect(first.output().stdout).toMatch(/api\.orderDetail\(\{ id \}\)\n {5}u-\w+ ordered 1 × /);
  const stoppedAt = performance.now();
  first.process.kill('SIGTERM');
  expect((await first.ended).exitCode).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(5_000);

  const second = startProgram(['deploy/laptop/main.ts'], anyPort);
  await second.waitFor('Ctrl+C ends it.');
  const third = await startProgram(['deploy/laptop/main.ts'], anyPort).ended;
  expect({ exitCode: third.exitCode, stderr: third.stderr }).toEqual({
    exitCode: 1,
    stderr: `The embedded database in ${folder} cannot be opened: process ${second.process.pid} uses it, as ${folder}/minigate.pid says. End it, or choose another folder by DATA_DIR.\n`,
  });

  const left = (text: string): number => Number(/(\d+) left/.exec(text)?.[1]);
  expect(left(second.output().stdout)).toBe(left(first.output().stdout) - 1);
  second.process.kill('SIGINT');
  expect((await second.ended).exitCode).toBe(0);
}, 240_000);

test('npm start names a database that does not answer, without its password', async () => {
  const { exitCode, stderr } = await startProgram(['deploy/laptop/main.ts'], {
    ...anyPort,
    DATABASE_URL: 'postgres://shop:hunter2@127.0.0.1:9/shop',
  }).ended;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr:
      'The database at postgres://shop@127.0.0.1:9/shop does not answer. Start it, or unset DATABASE_URL to use the embedded one.\n',
  });
});

test('npm start names every variable with a bad value', async () => {
  const { exitCode, stderr } = await startProgram(['deploy/laptop/main.ts'], {
    ...anyPort,
    GATEWAY_PORT: 'many',
    ADMIN_PORT: '70000',
    DATABASE_URL: 'mysql://x',
  }).ended;
  expect({ exitCode, stderr }).toEqual({
    exitCode: 1,
    stderr:
      'These environment variables cannot be used; correct or unset them.\n' +
      '  GATEWAY_PORT: must be a port number\n' +
      '  ADMIN_PORT: must be from 0 to 65535\n' +
      '  DATABASE_URL: must begin with postgres://\n',
  });
});

test.each(['SIMULATOR_PORT', 'GATEWAY_PORT'])(
  'npm start names a %s that is in use',
  async (variable) => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const { exitCode, stderr } = await startProgram(['deploy/laptop/main.ts'], {
      ...anyPort,
      [variable]: String(port),
    }).ended;
    other.close();
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `Port ${port} is in use by another program. End it, or choose another by the variables in docs/running.md.\n`,
    });
  },
  60_000,
);
