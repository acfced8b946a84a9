/** Runs a registry with an embedded database and a gateway that it feeds, each a process of its own, for the benchmark. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { toPublicKeyText } from '../registry/bundle/bundle-keys.ts';
import type { PublishTargetReport } from './publish-target.ts';
import { loadCore } from './run-candidate.ts';
import { canPin, nodeOnAllCores } from './start-program.ts';

export interface RunningRegistry {
  readonly pid: number;
  /** @returns `data` of the answer @throws Error with the refusal */
  post<Data>(path: string, body: object): Promise<Data>;
  close(): Promise<void>;
  readonly url: string;
  /** What gateways trust. */
  readonly publicKey: string;
}

export interface FedGateway {
  readonly url: string;
  /** Number of the bundle in force. */
  readSequence(): Promise<number>;
  /** After a garbage collection. */
  readHeapMb(): Promise<number>;
  close(): Promise<void>;
}

export const benchEnvironment = 'dev';
const adminToken = 'the administrator of a benchmark that nobody else can reach';

/** It has the load's core, and gives way to the load. @param folder for its database, key and settings */
export async function runRegistry(folder: string, check: object = {}): Promise<RunningRegistry> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const keyFile = join(folder, 'signing-key.pem');
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const settings = join(folder, 'registry.json');
  writeFileSync(settings, JSON.stringify({ changesPerMinute: 1_000_000, maxVanishingPercent: 100, check }));
  const place = canPin ? ['taskset', '-c', `${loadCore}`] : [];
  const program = fileURLToPath(new URL('../registry/main.ts', import.meta.url));
  const [file = '', ...args] = [...place, 'chrt', '--idle', '0', process.execPath, program];
  const child = spawn(file, args, {
    env: {
      ...{ PATH: process.env.PATH, PORT: '0', DATA_DIR: join(folder, 'registry') },
      ...{ MINIGATE_ADMIN_TOKEN: adminToken, MINIGATE_SIGNING_KEY_FILE: keyFile },
      MINIGATE_REGISTRY_CONFIG: settings,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const end = endWith(child);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const [, at] = /registry listens at (\S+)/.exec(line) ?? [];
      if (at !== undefined) resolve(at);
    });
    child.once('exit', () => reject(new Error('The registry did not start.')));
  });
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  return {
    ...{ url, pid: child.pid ?? 0, publicKey: toPublicKeyText(privateKey), close: end },
    async post<Data>(path: string, body: object) {
      const response = await fetch(new URL(path, url), {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const { ok, data, error } = (await response.json()) as { ok: boolean; data: Data; error: object };
      if (!ok) throw new Error(`${path} was refused: ${JSON.stringify(error)}`);
      return data;
    },
  };
}

/** @param folder for its settings and its copy of the bundle */
export async function runFedGateway(registry: RunningRegistry, folder: string): Promise<FedGateway> {
  const { token } = await registry.post<{ token: string }>('/v1/tokens', {
    ...{ name: 'gateway', kind: 'gateway', environment: benchEnvironment, scope: [], days: 1 },
  });
  const settings = join(folder, 'gateway.json');
  const off = { capacity: 0 };
  const none = { requests: 0 };
  writeFileSync(
    settings,
    JSON.stringify({
      ...{ registry: registry.url, environment: benchEnvironment, port: 0, admin: { port: 0 } },
      policy: fileURLToPath(new URL('publish-policy.ts', import.meta.url)),
      bundles: {
        ...{ token, publicKeys: [registry.publicKey], copyFile: join(folder, 'bundle') },
        ...{ intervalMs: 100, usageIntervalMs: 1_000 },
      },
      ...{ budgets: { address: off, app: off }, rates: { address: none, app: none, flood: none } },
      log: { level: 'warn' },
    }),
  );
  // On all cores: the garbage collector works beside the requests where it can.
  const child = fork(fileURLToPath(new URL('publish-target.ts', import.meta.url)), [settings], {
    ...nodeOnAllCores(),
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
  });
  const end = endWith(child);
  const next = async <K extends PublishTargetReport['kind']>(_kind: K) => {
    const [report] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('The gateway ended.'))),
    ]);
    return report as Extract<PublishTargetReport, { kind: K }>;
  };
  const { url, adminUrl } = await next('ready');
  return {
    url,
    async readSequence() {
      const state = await (await fetch(`${adminUrl}/admin/generation`)).json();
      return (state as { sequence: number }).sequence;
    },
    async readHeapMb() {
      child.send('heap');
      return (await next('heap')).usedMb;
    },
    close: end,
  };
}

/** Ends with this process at the latest. */
function endWith(child: ChildProcess): () => Promise<void> {
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  return async () => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
}
