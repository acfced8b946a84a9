import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildCliPackage } from '../../registry/cli/build-package.ts';
import { toPlainText, toTable } from '../../registry/cli/output.ts';
import { notes, people, type RegistryWorld, startRegistryWorld } from './registry-world.ts';

// Each check is a process of its own, and so is each command.
vi.setConfig({ testTimeout: 120_000 });

let world: RegistryWorld;
let folder: string;
let peopleTeam: string;
let notesTeam: string;
beforeAll(async () => {
  world = await startRegistryWorld();
  folder = mkdtempSync(join(tmpdir(), 'minigate-cli-'));
  await buildCliPackage(join(folder, 'node_modules/minigate/dist'));
  writeFileSync(join(folder, 'people.graphql'), people);
  writeFileSync(join(folder, 'notes.graphql'), notes);
  writeFileSync(join(folder, 'less.graphql'), people.replace('email: String', ''));
  writeFileSync(join(folder, 'bad.graphql'), 'type Query { a Int }');
  peopleTeam = await world.token('owner', ['people']);
  notesTeam = await world.token('publisher', ['notes']);
});
afterAll(() => world.close());

/** Runs the built script in an empty folder, as another team's CI does. */
const run = (token: string | undefined, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = '') =>
  new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [join(folder, 'node_modules/minigate/dist/minigate.js'), ...args],
      {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          MINIGATE_REGISTRY: world.url,
          ...(token && { MINIGATE_TOKEN: token }),
          ...env,
        },
      },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
    child.stdin?.end(input);
  });

test('the package is small, and holds nothing of planner, server or database', () => {
  const file = join(folder, 'node_modules/minigate/dist/minigate.js');
  expect(statSync(file).size).toBeLessThan(500_000);
  expect(readFileSync(file, 'utf8')).not.toMatch(/@apollo|fastify|pglite|drizzle|graphql\/index/);
  const { dependencies, scripts } = JSON.parse(readFileSync('registry/cli/package.json', 'utf8'));
  expect([dependencies, Object.keys(scripts)]).toEqual([undefined, ['prepack']]);
  expect(readdirSync(join(folder, 'node_modules'))).toEqual(['minigate']);
});

test('two teams check and publish from an empty folder', async () => {
  const url = (name: string) => ['--routing-url', `http://${name}.test/graphql`];
  const checked = await run(peopleTeam, [
    'subgraph',
    'check',
    'people',
    '--schema',
    'people.graphql',
    ...url('people'),
  ]);
  expect([checked.code, checked.stdout]).toEqual([
    0,
    expect.stringContaining('The check passed against version 0 of dev.'),
  ]);
  const first = await run(peopleTeam, [
    'subgraph',
    'publish',
    'people',
    '--schema',
    'people.graphql',
    ...url('people'),
  ]);
  expect([first.code, first.stdout]).toEqual([
    0,
    expect.stringContaining('Published people to dev as version 1.'),
  ]);
  const second = await run(
    notesTeam,
    ['subgraph', 'publish', 'notes', '--schema', '-', ...url('notes'), '--json'],
    { MINIGATE_VCS_AUTHOR: '李雷', MINIGATE_VCS_COMMIT: 'abcdef', MINIGATE_VCS_BRANCH: 'main' },
    notes,
  );
  expect([second.code, JSON.parse(second.stdout)]).toMatchObject([0, { ok: true, data: { sequence: 2 } }]);
  const { stdout } = await run(notesTeam, ['supergraph', 'history', '--json']);
  expect(JSON.parse(stdout).data.versions[0].origin).toMatchObject({
    author: '李雷',
    commit: 'abcdef',
    branch: 'main',
  });
  const list = await run(notesTeam, ['subgraph', 'list']);
  expect(list.stdout).toMatch(
    /^SUBGRAPH +ADDRESS +SCHEMA\npeople +http:\/\/people.test\/graphql +[0-9a-f]{12}\nnotes /,
  );
});

test('a failed check exits with 1, in the language of the locale', async () => {
  const args = ['subgraph', 'check', 'people', '--schema', 'less.graphql'];
  const english = await run(peopleTeam, args);
  expect([english.code, english.stderr]).toEqual([
    1,
    expect.stringMatching(/Breaking +Person.email was removed/),
  ]);
  const chinese = await run(peopleTeam, args, { LANG: 'zh_CN.UTF-8' });
  expect([chinese.code, chinese.stderr]).toEqual([
    1,
    expect.stringMatching(/破坏性 +Person.email was removed/),
  ]);
  const json = await run(peopleTeam, ['subgraph', 'check', 'people', '--schema', 'bad.graphql', '--json']);
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
    1,
    { ok: false, error: { code: 'CHECK_FAILED', report: { problems: [{ code: 'COMPOSITION_FAILED' }] } } },
  ]);
});

test('usage, files, tokens and network exit with 2', async () => {
  const codes = [
    await run(peopleTeam, ['subgraph', 'check', 'people']),
    await run(peopleTeam, ['subgraph', 'check', 'people', '--schema', 'missing.graphql']),
    await run(undefined, ['subgraph', 'list', '--json']),
    await run(notesTeam, ['subgraph', 'publish', 'people', '--schema', 'people.graphql', '--json']),
    await run(peopleTeam, ['subgraph', 'list', '--registry', 'http://127.0.0.1:1', '--json']),
    await run(peopleTeam, ['supergraph', 'compose', '--config', 'x.yaml', '--json']),
  ].map(({ code, stdout }) => [code, stdout ? JSON.parse(stdout).error.code : '']);
  expect(codes).toEqual([
    [2, ''],
    [2, ''],
    [2, 'TOKEN_REQUIRED'],
    [2, 'TOKEN_REFUSED'],
    [2, 'UNREACHABLE'],
    [2, 'NEEDS_GATEWAY'],
  ]);
});

/** Escape, bell, the mark that turns text around, and their like. */
const commands = /[^\P{C}\n\t]/u;

test('P-18 what teams write reaches no terminal as commands', async () => {
  const evil = 'a\u001b]0;owned\u0007\u001b[31mred\u202e<script>';
  expect(toPlainText(evil)).toBe('a\\u{1b}]0;owned\\u{7}\\u{1b}[31mred\\u{202e}<script>');
  expect(toTable(['A'], [[evil]])).not.toMatch(commands);
  const sdl = `"""\n${evil}\n"""\ntype Query { me: Int @deprecated(reason: "${evil.replaceAll('\u001b', '\\u001b').replaceAll('\u0007', '\\u0007')}") }`;
  const admin = await world.token('admin', ['*'], 'trial');
  const env = { MINIGATE_ENVIRONMENT: 'trial', MINIGATE_VCS_AUTHOR: evil };
  const published = await run(
    admin,
    ['subgraph', 'publish', 'evil', '--schema', '-', '--routing-url', 'http://e.test'],
    env,
    sdl,
  );
  const fetched = await run(admin, ['subgraph', 'fetch', 'evil'], env);
  const history = await run(admin, ['supergraph', 'history'], env);
  for (const { stdout, stderr } of [published, fetched, history])
    expect(`${stdout}${stderr}`).not.toMatch(commands);
  expect(history.stdout).toContain('owned');
});
