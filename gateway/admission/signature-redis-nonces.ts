/** Remembers which nonces were used, in Redis, for all gateways together. */
import type { RedisConnection } from '../store/redis.ts';
import type { NonceStore } from './signature-nonces.ts';

const spendLua = `return redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1])`;

/** @param keptMs by Redis's clock; longer than a timestamp is taken, from before it to after it */
export function createRedisNonces(redis: RedisConnection, keptMs: number): NonceStore {
  const spend = redis.defineScript('minigateSpendNonce', spendLua);
  return {
    async spend(keyId, nonce) {
      const isNew = await spend(redis.toKey('nonce', `${keyId} ${nonce}`), [keptMs]);
      return isNew === 'OK' ? 'new' : 'used';
    },
  };
}
