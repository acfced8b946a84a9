/** Keeps the security log in Redis: one stream of all gateways. */
import type { RedisConnection } from '../store/redis.ts';
import { type SecurityLogStore, type Since, type StoredRecord, toStored } from './security-log.ts';

/** ARGV: how long records are kept in ms, how many at most, then records as JSON. Ids are of Redis's clock. */
const appendLua = `
local time = redis.call('TIME')
local oldest = time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(ARGV[1])
for index = 3, #ARGV do redis.call('XADD', KEYS[1], '*', 'record', ARGV[index]) end
redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', oldest))
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[2])`;

/** ARGV: where to begin, as XRANGE takes it, and how many. */
const readLua = `return redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])`;

/** @param maxRecords beyond it the oldest go: an attack must not fill the Redis that sessions are in */
export function createRedisSecurityLog(
  redis: RedisConnection,
  { keptMs, maxRecords }: { readonly keptMs: number; readonly maxRecords: number },
): SecurityLogStore {
  const append = redis.defineScript('minigateSecurityAppend', appendLua);
  const read = redis.defineScript('minigateSecurityRead', readLua);
  const key = redis.toKey('security', 'log');
  return {
    async append(records) {
      await append(key, [keptMs, maxRecords, ...records.map((record) => JSON.stringify(toStored(record)))]);
    },
    async read(since, limit) {
      const entries = (await read(key, [toStart(since), limit])) as [string, string[]][];
      return entries.flatMap(([id, [, json = '']]) => parseRecord(id, json));
    },
  };
}

function toStart(since: Since): string {
  return 'id' in since ? `(${since.id}` : `${since.atMs}`;
}

function parseRecord(id: string, json: string): StoredRecord[] {
  try {
    return [{ ...JSON.parse(json), id }];
  } catch {
    return [];
  }
}
