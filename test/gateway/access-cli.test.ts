import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startProgram } from '../support/run-program.ts';

const minigate = resolve('registry/cli/bin/minigate.js');

async function explain(document: string, args: readonly string[]) {
  const program = startProgram([minigate, 'access', 'explain', ...args, '-']);
  program.process.stdin?.end(document);
  return program.ended;
}

describe('minigate access explain', () => {
  test('prints what docs/access.md shows, and ends with 1 where something is denied', async () => {
    const { exitCode, stdout } = await explain('mutation { closeShop { open } }', ['--role', 'USER']);
    const [, shown] = /```text\n([\s\S]*?)```/.exec(readFileSync('docs/access.md', 'utf8')) ?? [];
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: shown });
  });

  test('writes fragments out, and names the type where only one is meant', async () => {
    const document = `
      mutation ($id: ID!) { grantRole(userId: $id, role: USER) { ...Granted ... on UnknownUser { userId } } }
      fragment Granted on User { roles }
    `;
    const args = ['--role', 'SUPER', '--variables', '{"id":"7"}', '--json'];
    const { exitCode, stdout } = await explain(document, args);
    const { ok, data, error } = JSON.parse(stdout);
    expect({ exitCode, ok, error, role: data.role, decision: data.decision }).toEqual({
      ...{ exitCode: 0, ok: true, error: undefined, role: 'SUPER', decision: 'allow' },
    });
    expect(data.fields.map(({ path, coordinate }: Record<string, string>) => [path, coordinate])).toEqual([
      ['grantRole', 'Mutation.grantRole'],
      ['grantRole.User:roles', 'User.roles'],
      ['grantRole.UnknownUser:userId', 'UnknownUser.userId'],
    ]);
    expect(data.fields[1].rules).toEqual([
      { rule: 'at least USER', coordinate: 'User.roles', source: 'policy', decision: 'allow' },
      { rule: '@authenticated', coordinate: 'User.roles', source: 'subgraph', decision: 'allow' },
    ]);
  });

  test('answers --json in the envelope of the other commands, `ok` only where all is allowed', async () => {
    const { exitCode, stdout } = await explain('mutation { closeShop { open } }', ['--json']);
    const { ok, data, error } = JSON.parse(stdout);
    expect({ exitCode, ok, data, ...error, fields: error.fields.length }).toEqual({
      ...{ exitCode: 1, ok: false, data: undefined, code: 'NOT_ALLOWED', message: 'guest: deny' },
      ...{ role: 'guest', decision: 'deny', fields: 2 },
    });
    const unreadable = await explain('{ shop { open } }', ['--role', 'KING', '--json']);
    expect({ exitCode: unreadable.exitCode, ...JSON.parse(unreadable.stdout) }).toEqual({
      ...{ exitCode: 2, ok: false },
      error: { code: 'NOT_EXPLAINED', message: 'There is no role KING; the policy has USER, ADMIN, SUPER.' },
    });
  });

  test.each([
    [
      'a role that is not there',
      ['--role', 'KING'],
      'There is no role KING; the policy has USER, ADMIN, SUPER.',
    ],
    [
      'a supergraph that is not there',
      ['--supergraph', 'no.graphql'],
      'The supergraph no.graphql cannot be read.',
    ],
    ['variables that do not fit', ['--variables', '[1'], 'JSON'],
  ])('ends with 2 and says why for %s', async (_name, args, message) => {
    const { exitCode, stdout, stderr } = await explain('{ shop { open } }', args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('ends with 2 where there is no gateway', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'minigate-nowhere-'));
    const { exitCode, stderr } = await startProgram([minigate, 'access', 'explain', 'a'], {}, folder).ended;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        'Access is explained by the gateway. Run this in its folder, or give the package.json here a script `access`.\n',
    });
  });
});
