/** Remembers which nonces were used, in Redis, for all gateways together. */
import type { RedisConnection } from '../store/redis.ts';
import type { NonceStore } from './signature-nonces.ts';

const spendLua = `return redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1])`;

/** ARGV: now. Since when nonces are remembered, as text: Redis would cut large numbers short. What makes no sense is lost. */
const sinceLua = `
local known = redis.pcall('GET', KEYS[1])
if type(known) == 'string' and string.match(known, '^%d+$') then return known end
redis.call('SET', KEYS[1], ARGV[1])
return ARGV[1]`;

/**
 * A Redis that has lost its data has lost the time with them since when it remembers: what was signed before is then
 * refused, for it may have been used.
 *
 * @param keptMs by Redis's clock; longer than a timestamp is taken, from before it to after it
 * @param now the clock that timestamps are held against, in milliseconds since 1970
 */
export function createRedisNonces(redis: RedisConnection, keptMs: number, now: () => number): NonceStore {
  const spend = redis.defineScript('minigateSpendNonce', spendLua);
  const since = redis.defineScript('minigateNoncesSince', sinceLua);
  const readSince = (): Promise<unknown> => since(redis.toKey('nonces', 'since'), [now()]);
  // So that it is there before the first request; that one tells of a Redis that is away.
  readSince().catch(() => {});
  return {
    async spend(keyId, nonce, timestamp) {
      // Sent together, the nonce first: what is lost between the two shows in the second.
      const [isNew, sinceMs] = await Promise.all([
        spend(redis.toKey('nonce', `${keyId} ${nonce}`), [keptMs]),
        readSince(),
      ]);
      if (isNew !== 'OK') return 'used';
      return timestamp * 1_000 < Number(sinceMs) ? 'forgotten' : 'new';
    },
  };
}
