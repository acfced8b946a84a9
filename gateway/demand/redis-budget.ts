/** Keeps budgets in Redis, on its clock, so that all gateways share them. */
import type { RedisConnection } from '../store/redis.ts';
import { type Bucket, type Budget, type Refused, waitFor } from './budget.ts';

/**
 * Tokens of a bucket, now. One that is not there, or makes no sense, is full; it is forgotten when it would be full again.
 * One that is ahead of the clock, because that was set or is another Redis's by now, refills from now on.
 */
const readTokens = `
local capacity, refillPerSecond, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + time[2] / 1000
local level = redis.pcall('HMGET', KEYS[1], 'tokens', 'atMs')
local tokens, atMs = tonumber(level[1]), tonumber(level[2])
if not tokens or not atMs or not (math.abs(tokens) < 1e15) or atMs ~= atMs then
  if level.err or level[1] or level[2] then redis.call('DEL', KEYS[1]) end
  tokens, atMs = capacity, nowMs
elseif atMs > nowMs then
  redis.call('HSET', KEYS[1], 'atMs', nowMs)
end
tokens = math.min(capacity, tokens + math.max(0, nowMs - atMs) / 1000 * refillPerSecond)
local function write(newTokens)
  if newTokens >= capacity then
    redis.call('DEL', KEYS[1])
    return
  end
  redis.call('HSET', KEYS[1], 'tokens', newTokens, 'atMs', nowMs)
  redis.call('PEXPIRE', KEYS[1], math.ceil((capacity - newTokens) / refillPerSecond * 1000))
end
`;

const takeLua = `${readTokens}
if tokens < math.min(cost, capacity) then return {0, tostring(tokens)} end
write(tokens - cost)
return {1, tostring(tokens - cost)}
`;

const giveBackLua = `${readTokens}
local changed = math.min(tokens + cost, capacity)
if cost < 0 then changed = math.max(changed, math.min(tokens, -capacity)) end
write(changed)
return 1
`;

/**
 * `take` rejects when Redis cannot be asked. The buckets of one request may lie on different nodes of a Cluster: each is
 * asked by a call of its own, all at once, and what some granted is given back when another refuses.
 *
 * @param onLost what could not be given back
 */
export function createRedisBudget(redis: RedisConnection, onLost: (error: unknown) => void): Budget {
  const take = redis.defineScript('minigateTakeFromBucket', takeLua);
  const giveBack = redis.defineScript('minigateGiveBackToBucket', giveBackLua);
  const keyOf = ({ of, payer, id }: Bucket): string => redis.toKey(`budget:${of}:${payer}`, id);

  const giveBackTo = async (buckets: readonly Bucket[], cost: number): Promise<void> => {
    if (cost === 0) return;
    try {
      await Promise.all(
        buckets.map((bucket) =>
          giveBack(keyOf(bucket), [bucket.limit.capacity, bucket.limit.refillPerSecond, cost]),
        ),
      );
    } catch (error) {
      onLost(error);
    }
  };

  return {
    async take(buckets, cost) {
      const asked = await Promise.allSettled(
        buckets.map(async (bucket) => {
          const { capacity, refillPerSecond } = bucket.limit;
          const [granted, tokens] = (await take(keyOf(bucket), [capacity, refillPerSecond, cost])) as [
            number,
            string,
          ];
          return { bucket, granted: granted === 1, tokens: Number(tokens) };
        }),
      );
      const answers = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const payers = answers.filter(({ granted }) => granted).map(({ bucket }) => bucket);
      const failed = asked.find((each) => each.status === 'rejected');
      if (failed) {
        void giveBackTo(payers, cost);
        throw failed.reason;
      }
      const refused = answers
        .filter(({ granted }) => !granted)
        .map(
          ({ bucket, tokens }): Refused => ({
            granted: false,
            bucket,
            waitSeconds: waitFor(bucket.limit, tokens, cost),
          }),
        )
        .sort((a, b) => b.waitSeconds - a.waitSeconds)[0];
      if (refused) {
        await giveBackTo(payers, cost);
        return refused;
      }
      return {
        granted: true,
        remaining: Math.min(...answers.map(({ tokens }) => tokens)),
        giveBack: (given) => void giveBackTo(buckets, given),
      };
    },
  };
}
