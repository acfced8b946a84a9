/** All that the story of a release runs on, each a process of its own: registry, gateway, phones, and the packed command. */
import { execFile, fork } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toPublicKeyText } from '../../registry/bundle/bundle-keys.ts';
import { buildCliPackage } from '../../registry/cli/build-package.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { type RunningProgram, startProgram } from '../support/run-program.ts';
import { startTestSubgraph } from '../support/test-subgraph.ts';
import { adminToken } from './registry-world.ts';
import { notesGraph, peopleGraph, type ReleasedVersion, toRequest } from './story-graph.ts';
import type { PhonesCommand, PhonesOutcome } from './story-phones.ts';

export interface Said {
  /** Exit code. */
  readonly code: number;
  readonly text: string;
}

export interface StoryWorld {
  readonly addresses: { readonly people: string; readonly notes: string };
  /** Runs `minigate` with these arguments; a file is named by its text's name in `files`. */
  minigate(token: string, args: readonly string[], input?: string): Promise<Said>;
  /** Issues a token for the environment of released mini-programs. */
  token(kind: string, scope: string): Promise<string>;
  startGateway(token: string): Promise<void>;
  /** One request of one phone: data, or the code of the refusal. */
  ask(version: ReleasedVersion): Promise<unknown>;
  /** Begins 300 requests a second, of all versions alike. */
  startPhones(): {
    use(versions: readonly ReleasedVersion[]): void;
    stop(): Promise<PhonesOutcome>;
  };
  close(): Promise<void>;
}

const environment = 'release';
const policy = fileURLToPath(new URL('story-policy.ts', import.meta.url));

/** @param usageSeconds how long a version counts as in use after it was last seen */
export async function startStoryWorld(databaseServer: string, usageSeconds: number): Promise<StoryWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'minigate-story-'));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const command = await buildCliPackage(folder);
  const database = await createPostgresDatabase(databaseServer);
  const [people, notes] = await Promise.all([startTestSubgraph(peopleGraph), startTestSubgraph(notesGraph)]);
  const { privateKey } = generateKeyPairSync('ed25519');
  const programs: RunningProgram[] = [];
  const ended: (() => void)[] = [];
  const run = async (args: readonly string[], env: NodeJS.ProcessEnv, saying: string): Promise<string> => {
    const program = startProgram(args, env);
    programs.push(program);
    await program.waitFor(saying);
    return program.output().stderr;
  };

  const settings = { usageDays: usageSeconds / 86_400, changesPerMinute: 1_000, maxVanishingPercent: 100 };
  const words = await run(
    ['registry/main.ts'],
    {
      ...{ PORT: '0', DATABASE_URL: database.url, MINIGATE_ADMIN_TOKEN: adminToken },
      MINIGATE_SIGNING_KEY_FILE: write(
        'key.pem',
        privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      ),
      MINIGATE_REGISTRY_CONFIG: write('registry.yaml', JSON.stringify(settings)),
    },
    'registry listens at',
  );
  const [, registry = ''] = /listens at (\S+)/.exec(words) ?? [];
  let url = '';

  const minigate: StoryWorld['minigate'] = (token, args, input = '') =>
    new Promise((done) => {
      const env = {
        ...{ PATH: process.env.PATH, MINIGATE_REGISTRY: registry },
        ...{ MINIGATE_ENVIRONMENT: environment, MINIGATE_TOKEN: token },
      };
      const child = execFile(process.execPath, [command, ...args], { cwd: folder, env }, (error, out, err) =>
        done({ code: error ? Number(error.code) : 0, text: `${out}${err}` }),
      );
      child.stdin?.end(input);
    });

  return {
    addresses: { people: people.url, notes: notes.url },
    minigate,
    async token(kind, scope) {
      const args = [
        'token',
        'create',
        `${kind}-${scope.replace('*', 'all')}`,
        '--kind',
        kind,
        '--scope',
        scope,
        '--json',
      ];
      return JSON.parse((await minigate(adminToken, args)).text).data.token;
    },
    async startGateway(token) {
      const off = { capacity: 0 };
      const none = { requests: 0 };
      const config = {
        ...{ registry, environment, policy, port: 0, admin: { port: 0 } },
        bundles: {
          ...{ token, publicKeys: [toPublicKeyText(privateKey)], copyFile: join(folder, 'bundle') },
          ...{ intervalMs: 300, usageIntervalMs: 500 },
        },
        budgets: { address: off, app: off },
        rates: { flood: none, address: none, app: none },
        // Others may use this machine's cores too.
        overload: { maxLagMs: 60_000 },
        subgraphs: { timeoutMs: 15_000 },
        limits: { requestTimeoutMs: 20_000 },
        log: { level: 'warn' },
      };
      const said = await run(
        ['gateway/main.ts', '--config', write('gateway.yaml', JSON.stringify(config))],
        {},
        'Minigate listens at',
      );
      [, url = ''] = /listens at (\S+)\/graphql/.exec(said) ?? [];
    },
    async ask(version) {
      const response = await fetch(`${url}/graphql`, { method: 'POST', ...toRequest(version) });
      const { data, errors } = (await response.json()) as {
        data?: unknown;
        errors?: { extensions: { code: string } }[];
      };
      return errors?.[0]?.extensions.code ?? data;
    },
    startPhones() {
      const phones = fork(new URL('story-phones.ts', import.meta.url), [url], { execArgv: [] });
      ended.push(() => phones.kill());
      const tell = (what: PhonesCommand): void => {
        phones.send(what);
      };
      return {
        use: (versions) => tell({ kind: 'use', versions }),
        async stop() {
          tell({ kind: 'stop' });
          const [outcome] = (await once(phones, 'message')) as [PhonesOutcome];
          return outcome;
        },
      };
    },
    async close() {
      for (const end of ended) end();
      for (const program of programs.toReversed()) program.process.kill('SIGTERM');
      await Promise.all(programs.map(({ ended }) => ended));
      await Promise.all([people.close(), notes.close()]);
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}
