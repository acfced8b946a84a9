/** A primary and a replica that one Sentinel watches: when the primary dies, the replica is made one within seconds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { vi } from 'vitest';
import { findFreePort, type RedisServer, startRedisServer } from './redis-server.ts';

export interface WatchedRedis {
  readonly name: string;
  /** Where the Sentinel listens. */
  readonly sentinel: { readonly host: string; readonly port: number };
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  close(): Promise<void>;
}

export async function startWatchedRedis(program: string): Promise<WatchedRedis> {
  const primary = await startRedisServer(program);
  const replica = await startRedisServer(program, ['--replicaof', '127.0.0.1', `${primary.port}`]);
  const folder = await mkdtemp(join(tmpdir(), 'minigate-sentinel-'));
  const sentinel = { host: '127.0.0.1', port: await findFreePort() };
  const file = join(folder, 'sentinel.conf');
  await writeFile(
    file,
    [
      `port ${sentinel.port}`,
      'bind 127.0.0.1',
      `dir ${folder}`,
      `sentinel monitor shop 127.0.0.1 ${primary.port} 1`,
      'sentinel down-after-milliseconds shop 500',
      'sentinel failover-timeout shop 3000',
    ].join('\n'),
  );
  const child: ChildProcess = spawn(program, [file, '--sentinel'], { stdio: 'ignore' });
  await vi.waitFor(() => knowsReplica(sentinel.port), { timeout: 30_000, interval: 200 });
  return {
    ...{ name: 'shop', sentinel, primary, replica },
    async close() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      await Promise.all([primary.close(), replica.close(), rm(folder, { recursive: true })]);
    },
  };
}

/** Before it knows of a replica in good order, it could not make it the primary. */
async function knowsReplica(port: number): Promise<void> {
  const redis = new Redis({ port, lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => {});
  try {
    await redis.connect();
    const [replica] = (await redis.call('SENTINEL', 'REPLICAS', 'shop')) as string[][];
    if (!replica?.includes('ok')) throw new Error(`The Sentinel knows of no replica yet: ${replica}`);
  } finally {
    redis.disconnect();
  }
}
