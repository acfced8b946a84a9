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

/** @param program path of redis-server @param options such as `--maxclients 1` */
export function startRedisServer(program: string, options: readonly string[] = []): Promise<RedisServer> {
  return atFreePorts(([port]) => startAt(port, program, options));
}

/** Others can be told to meet it at `busPort`. */
export interface ClusterNode extends RedisServer {
  readonly busPort: number;
}

export function startClusterNode(program: string): Promise<ClusterNode> {
  return atFreePorts(async ([port, busPort]) => {
    const options = ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`];
    return { ...(await startAt(port, program, options)), busPort };
  });
}

/** A port that was free a moment ago may be another's by now. */
async function atFreePorts<Server>(start: (ports: [number, number]) => Promise<Server>): Promise<Server> {
  const tryOnce = async (): Promise<Server> => start([await findFreePort(), await findFreePort()]);
  return tryOnce().catch(tryOnce).catch(tryOnce);
}

/** @throws Error when it ends at its start, as where another has the port */
async function startAt(port: number, program: string, options: readonly string[]): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'minigate-redis-'));
  const args = [
    ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder],
    ...['--save', '', '--appendonly', 'no', ...options],
  ];
  let child: ChildProcess;
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
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
    // Whoever else has the port would answer as well.
    const isOurs = async (): Promise<boolean> =>
      `${await call('INFO', 'server')}`.includes(`process_id:${child.pid}\r`);
    await until(async () => isOver() || isOurs());
    if (!isOver()) return;
    await rm(folder, { recursive: true });
    throw new Error(`Redis ended with ${child.exitCode ?? child.signalCode} at port ${port}.`);
  };
  const kill = async (): Promise<void> => {
    if (isOver()) return;
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
export async function startRedisCluster(program: string): Promise<readonly ClusterNode[]> {
  const nodes = await Promise.all([1, 2, 3].map(() => startClusterNode(program)));
  const slots = 16_384;
  for (const [index, node] of nodes.entries()) {
    const [first, end] = [index, index + 1].map((n) => Math.floor((n * slots) / nodes.length));
    await node.call('CLUSTER', 'ADDSLOTSRANGE', first ?? 0, (end ?? slots) - 1);
    await node.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const { port, busPort } of nodes) await nodes[0]?.call('CLUSTER', 'MEET', '127.0.0.1', port, busPort);
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
