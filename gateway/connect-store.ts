/** Connects to the Redis that the gateways share, where one is set. */
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { connectRedis, type RedisConnection } from './store/redis.ts';

export async function connectStore(
  { url, cluster, sentinel, keyPrefix, commandTimeoutMs }: Config['redis'],
  log: Logger,
): Promise<RedisConnection | undefined> {
  if (url === undefined) return undefined;
  return connectRedis({
    ...{ url, isCluster: cluster, sentinel, keyPrefix, commandTimeoutMs },
    onLost: (err) => log.warn({ err }, 'Redis cannot be reached; it is tried again'),
    onEvicting: (policy) =>
      log.error(
        { policy },
        'Redis drops sessions when its memory is full; set its maxmemory-policy to noeviction',
      ),
  });
}
