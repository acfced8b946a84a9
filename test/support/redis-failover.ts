/** A Redis Cluster of three nodes, of which the first has a replica that takes over soon when it dies. */
import { vi } from 'vitest';
import { type RedisServer, startClusterNode, startRedisCluster } from './redis-server.ts';

const nodeTimeoutMs = 1_000;

/** The nodes, and last the replica. */
export async function startRedisFailover(program: string): Promise<readonly RedisServer[]> {
  const nodes = await startRedisCluster(program);
  const [first] = nodes;
  const replica = await startClusterNode(program);
  const all = [...nodes, replica];
  const primaryId = String(await first?.call('CLUSTER', 'MYID'));
  await replica.call('CLUSTER', 'MEET', '127.0.0.1', first?.port ?? 0, first?.busPort ?? 0);
  for (const node of all) await node.call('CONFIG', 'SET', 'cluster-node-timeout', nodeTimeoutMs);
  const soon = { timeout: 20_000, interval: 100 };
  await vi.waitFor(() => replica.call('CLUSTER', 'REPLICATE', primaryId), soon);
  await vi.waitFor(async () => {
    const [replication, cluster] = [
      await replica.call('INFO', 'replication'),
      await first?.call('CLUSTER', 'NODES'),
    ];
    if (!`${replication}`.includes('master_link_status:up') || !`${cluster}`.includes('slave'))
      throw new Error('The replica does not follow yet.');
  }, soon);
  return all;
}
