/** Keeps bans in Redis: one hash, a field for each, and one for the version of the whole. */
import type { RedisConnection } from '../store/redis.ts';
import type { BanStore } from './bans.ts';

const prelude = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local kind = redis.call('TYPE', KEYS[1]).ok
local isHash = kind == 'hash'
`;

/** ARGV: known version. Times and versions as text: Redis would cut large numbers short. */
const listScript = `${prelude}
local version = isHash and tonumber(redis.call('HGET', KEYS[1], 'version')) or 0
local answer = { string.format('%.0f', version), string.format('%.0f', now) }
if version == tonumber(ARGV[1]) then return answer end
answer[3] = 'changed'
if isHash then
  for index, value in ipairs(redis.call('HGETALL', KEYS[1])) do
    if index % 2 == 1 then answer.isBan = string.sub(value, 1, 2) == 'u:'
    elseif answer.isBan then answer[#answer + 1] = value end
  end
end
return answer`;

/** ARGV: user id, ban as JSON without its times, duration or nothing. */
const putScript = `${prelude}
if not isHash then redis.call('DEL', KEYS[1]) end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'u:' then
    local isJson, ban = pcall(cjson.decode, redis.call('HGET', KEYS[1], field))
    if not isJson or type(ban) ~= 'table' or (tonumber(ban.endsAt) or now + 1) <= now then
      redis.call('HDEL', KEYS[1], field)
    end
  end
end
local ban = cjson.decode(ARGV[2])
ban.bannedAt = now
if ARGV[3] ~= '' then ban.endsAt = now + tonumber(ARGV[3]) end
redis.call('HSET', KEYS[1], 'u:' .. ARGV[1], cjson.encode(ban))
redis.call('HINCRBY', KEYS[1], 'version', 1)`;

/** ARGV: user id. */
const removeScript = `${prelude}
if not isHash then return 0 end
redis.call('HINCRBY', KEYS[1], 'version', 1)
return redis.call('HDEL', KEYS[1], 'u:' .. ARGV[1])`;

/** ARGV: version, then user ids and bans by turns. */
const restoreScript = `${prelude}
if not isHash then redis.call('DEL', KEYS[1]) end
for index = 2, #ARGV, 2 do redis.call('HSETNX', KEYS[1], 'u:' .. ARGV[index], ARGV[index + 1]) end
local version = tonumber(redis.call('HGET', KEYS[1], 'version')) or 0
redis.call('HSET', KEYS[1], 'version', string.format('%.0f', math.max(version, tonumber(ARGV[1])) + 1))`;

/** @param whose several lists may be kept */
export function createRedisBans(redis: RedisConnection, whose: 'users' | 'addresses' = 'users'): BanStore {
  const list = redis.defineScript('minigateBanList', listScript);
  const put = redis.defineScript('minigateBanPut', putScript);
  const remove = redis.defineScript('minigateBanRemove', removeScript);
  const restore = redis.defineScript('minigateBanRestore', restoreScript);
  const key = redis.toKey('bans', whose);
  return {
    async list(knownVersion) {
      const [version, nowMs, changed, ...bans] = (await list(key, [knownVersion])) as string[];
      return { version: Number(version), bans: changed ? bans : undefined, nowMs: Number(nowMs) };
    },
    async put(ban, durationMs) {
      await put(key, [ban.userId, JSON.stringify(ban), durationMs ?? '']);
    },
    remove: async (userId) => (await remove(key, [userId])) === 1,
    async restore(version, bans) {
      await restore(key, [version, ...Object.entries(bans).flat()]);
    },
  };
}
