import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { composeSubgraphs } from '../../registry/compose.ts';
import { startProgram } from '../support/run-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'minigate-main-'));
const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const composed = (name: string, sdl: string): string =>
  write(name, composeSubgraphs([{ name: 'a', routingUrl: 'http://127.0.0.1:9/graphql', sdl }]).supergraphSdl);
const supergraph = composed('supergraph.graphql', 'type Query { hello: String }');

const refusal = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const { exitCode, stdout, stderr } = await startProgram(['gateway/main.ts', ...args], env).ended;
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at /m);
  return stderr;
};

describe('the gateway refuses to start, in words and with exit code 1, when', () => {
  test('settings are missing or wrong: all at once', async () => {
    expect(await refusal(['--port', 'many', '--limits-max-cost', '0'])).toBe(
      [
        'The settings have problems; `npm run gateway -- --help` lists them all.',
        '  port: Invalid input: expected number, received string',
        '  limits.maxCost: Too small: expected number to be >0',
        '  supergraph: needed, or in its place --registry, or with --dev --subgraph; only one of them',
        '  policy: needed without --dev: everything is closed\n',
      ].join('\n'),
    );
  });

  test('the supergraph is not there', async () => {
    expect(await refusal(['--dev', '--supergraph', 'nowhere.graphql'])).toBe(
      'The supergraph nowhere.graphql cannot be read. Compose one by `npx minigate supergraph compose --config FILE --output nowhere.graphql`.\n',
    );
  });

  test('the file is a schema but not a supergraph', async () => {
    const plain = write('plain.graphql', 'type Query { hello: String }');
    expect(await refusal(['--dev', '--supergraph', plain])).toContain(
      `${plain} is not a supergraph that can be served`,
    );
  });

  test('the policy names a field that the schema does not have', async () => {
    const policy = write(
      'policy.ts',
      `import { allow } from '${join(process.cwd(), 'gateway/access/shield.ts')}';
       export const roles = {};
       export const rules = { Query: { hello: allow, goodbye: allow }, Nobody: allow };`,
    );
    expect(await refusal(['--dev', '--supergraph', supergraph, '--policy', policy])).toBe(
      'The policy names Query.goodbye, Nobody, which the schema does not have. Correct the policy (or signing.userKeyMutations), or publish the schema first.\n',
    );
  });

  test('the supergraph demands by @policy what nothing enforces', async () => {
    const demanding = composed(
      'demanding.graphql',
      `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@policy"])
       type Query { hello: String @policy(policies: [["p"]]) }`,
    );
    expect(await refusal(['--dev', '--supergraph', demanding])).toBe(
      'The supergraph uses @policy with p, which nothing decides. Export a rule for each from the policy module: `policies: { name: rule }`.\n',
    );
  });

  test('the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const message = await refusal([
      '--dev',
      '--supergraph',
      supergraph,
      '--port',
      String(port),
      '--admin-port',
      '0',
    ]);
    other.close();
    expect(message).toBe(
      `Port ${port} on 127.0.0.1 is in use by another program. Choose another by --port.\n`,
    );
  });
});

test('alone, on any composed schema, it says where it listens and ends on SIGTERM', async () => {
  const program = startProgram([
    'gateway/main.ts',
    '--dev',
    '--supergraph',
    supergraph,
    '--port',
    '0',
    '--admin-port',
    '0',
  ]);
  await program.waitFor('Minigate listens at http://127.0.0.1:');
  program.process.kill('SIGTERM');
  expect((await program.ended).exitCode).toBe(0);
});

test('started by npm, it ends though the shell between them does not pass the signal on', async () => {
  const command = `"${process.execPath}" gateway/main.ts --dev --port 0 --admin-port 0 --supergraph ${supergraph}`;
  const shell = spawn('sh', ['-c', `${command}; true`], {
    env: { PATH: process.env.PATH, npm_lifecycle_event: 'gateway' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [line] = await once(shell.stderr.setEncoding('utf8'), 'data');
  const adminUrl = /for operators at (\S+)/.exec(String(line))?.[1];
  expect((await fetch(`${adminUrl}/health/live`)).status).toBe(200);

  shell.kill('SIGTERM');

  // The gateway shares the shell's standard error: it closes when both have ended.
  await once(shell, 'close');
  await expect(fetch(`${adminUrl}/health/live`)).rejects.toThrow('fetch failed');
});

test('--help lists every setting', async () => {
  const { exitCode, stdout } = await startProgram(['gateway/main.ts', '--help']).ended;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('--supergraph <string>');
  expect(stdout).toContain('--dev ');
});
