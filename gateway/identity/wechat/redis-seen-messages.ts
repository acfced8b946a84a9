/** Remembers in Redis which pushed messages have been dealt with, for all gateways together. */
import type { RedisConnection } from '../../store/redis.ts';
import { doneMs, type SeenMessages, underWayMs } from './seen-messages.ts';

const begin = `
  local state = redis.call('GET', KEYS[1])
  if state then return state end
  redis.call('SET', KEYS[1], 'under way', 'PX', ARGV[1])
  return 'new'`;

/** While Redis is away no message can be begun: WeChat is told so, and sends it again. */
export function createRedisSeenMessages(redis: RedisConnection): SeenMessages {
  const runBegin = redis.defineScript('beginMessage', begin);
  const runFinish = redis.defineScript('finishMessage', "redis.call('SET', KEYS[1], 'done', 'PX', ARGV[1])");
  const runRelease = redis.defineScript('releaseMessage', "redis.call('DEL', KEYS[1])");
  const toKey = (id: string): string => redis.toKey('message', id);
  return {
    async begin(id) {
      const state = await runBegin(toKey(id), [underWayMs]);
      return state === 'new' || state === 'done' ? state : 'under way';
    },
    async finish(id) {
      await runFinish(toKey(id), [doneMs]);
    },
    async release(id) {
      await runRelease(toKey(id), []);
    },
  };
}
