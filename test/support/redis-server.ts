/** A Redis of a test's own, which it may end, freeze and start again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  /** One command on a connection of its own. */
  call(command: string, ...args: (string | number)[]): Promise<unknown>;
  /** As a crash does. */
  kill(): Promise<void>;
  /** After `kill`, at the same port, empty. */
  start(): Promise<void>;
  /** It stays connected and answers nothing until `thaw`. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

/** @param program path of redis-server @param options such as `--cluster-enabled yes` */
export async function startRedisServer(
  program: string,
  options: readonly string[] = [],
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'minigate-redis-'));
  const port = await findFreePort();
  const args = [
    ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder],
    ...['--save', '', '--appendonly', 'no', ...options],
  ];
  let child: ChildProcess;
  const call: RedisServer['call'] = async (command, ...rest) => {
    const redis = new Redis({ port, lazyConnect: true, retryStrategy: () => null });
    redis.on('error', () => {});
    try {
      await redis.connect();
      return await redis.call(command, ...rest);
    } finally {
      redis.disconnect();
    }
  };
  const start = async (): Promise<void> => {
    child = spawn(program, args, { stdio: 'ignore' });
    await until(async () => (await call('PING')) === 'PONG');
  };
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    call,
    kill,
    start,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async close() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

/** Three nodes with a third of the slots each, and no replicas. */
export async function startRedisCluster(program: string): Promise<readonly RedisServer[]> {
  const busPorts = await Promise.all([findFreePort(), findFreePort(), findFreePort()]);
  const nodes = await Promise.all(
    busPorts.map((busPort) =>
      startRedisServer(program, ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`]),
    ),
  );
  const slots = 16_384;
  for (const [index, node] of nodes.entries()) {
    const [first, end] = [index, index + 1].map((n) => Math.floor((n * slots) / nodes.length));
    await node.call('CLUSTER', 'ADDSLOTSRANGE', first ?? 0, (end ?? slots) - 1);
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const [index, { port }] of nodes.entries())
    await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port, busPorts[index] ?? 0);
  for (const node of nodes) {
    await until(async () => {
      const info = String(await node.call('CLUSTER', 'INFO'));
      return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`);
    });
  }
  return nodes;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await holds().catch(() => false))) {
    if (performance.now() > deadline) throw new Error('Redis did not become ready.');
    await delay(20);
  }
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('There is no free port.');
  return address.port;
}
