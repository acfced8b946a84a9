/** Keeps scores in Redis, on its clock, so that all gateways add to the same. */
import type { RedisConnection } from '../store/redis.ts';
import { halfLivesKept, type Scores, type Subject, toContributions } from './score.ts';

/**
 * ARGV: rule, points, half-life in ms, threshold, how long crossings are remembered and how long after one nothing counts
 * in ms, half-lives kept. One hash: a field for each rule with its points, when they were true, and their half-life; one
 * for the crossings, and one for when things count again.
 */
const addLua = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then redis.call('DEL', KEYS[1]) end
local fields = redis.call('HGETALL', KEYS[1])
local field = 'rule:' .. ARGV[1]
local sum, own, crossings, answer = 0, 0, 0, {}
for index = 1, #fields, 2 do
  local name, value = fields[index], fields[index + 1]
  if name == 'crossings' then crossings = tonumber(value) or 0 end
  if name == 'settledAt' and (tonumber(value) or 0) > now then return false end
  local points, at, halfLife = string.match(value, '^(%S+) (%S+) (%S+)$')
  points, at, halfLife = tonumber(points), tonumber(at), tonumber(halfLife)
  if points and at and halfLife and halfLife > 0 then
    local left = points * 0.5 ^ (math.max(0, now - at) / halfLife)
    if name == field then own = left
    else
      sum = sum + left
      answer[#answer + 1] = string.sub(name, 6)
      answer[#answer + 1] = tostring(left)
    end
  end
end
own = own + tonumber(ARGV[2])
sum = sum + own
local kept = ARGV[3] * ARGV[7]
if sum < tonumber(ARGV[4]) then
  redis.call('HSET', KEYS[1], field, string.format('%.3f %.0f %s', own, now, ARGV[3]))
  if redis.call('PTTL', KEYS[1]) < kept then redis.call('PEXPIRE', KEYS[1], math.ceil(kept)) end
  return false
end
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'crossings', crossings + 1, 'settledAt', string.format('%.3f', now + ARGV[6]))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return { tostring(crossings), ARGV[1], tostring(own), unpack(answer) }`;

const isNewLua = `return redis.call('SET', KEYS[1], '', 'NX', 'PX', ARGV[1])`;
const forgetLua = `return redis.call('DEL', KEYS[1])`;

export function createRedisScores(redis: RedisConnection): Scores {
  const add = redis.defineScript('minigateAddPoints', addLua);
  const isNew = redis.defineScript('minigateIsNew', isNewLua);
  const forget = redis.defineScript('minigateForgetScore', forgetLua);
  const keyOf = ({ kind, id }: Subject): string => redis.toKey(`score:${kind}`, id);
  return {
    async add(subject, { rule, points, halfLifeMs }, { threshold, memoryMs, settleMs }) {
      const answer = await add(keyOf(subject), [
        rule,
        points,
        halfLifeMs,
        threshold,
        memoryMs,
        settleMs,
        halfLivesKept,
      ]);
      if (!Array.isArray(answer)) return undefined;
      const [earlier, ...pairs] = answer as string[];
      const contributions = Array.from(
        { length: pairs.length / 2 },
        (_, at) => [pairs[at * 2] ?? '', Number(pairs[at * 2 + 1])] as const,
      );
      return { contributions: toContributions(contributions), earlier: Number(earlier) };
    },
    async isNew({ kind, id }, rule, what, memoryMs) {
      const name = JSON.stringify([kind, id, rule, what]);
      return (await isNew(redis.toKey('seen', name), [memoryMs])) === 'OK';
    },
    async forget(subject) {
      await forget(keyOf(subject), []);
    },
  };
}
