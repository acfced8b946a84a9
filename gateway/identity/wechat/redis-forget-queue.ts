/** Keeps what the user subgraph could not delete yet in Redis, so that any gateway carries it out, whichever of them ends. */
import type { Logger } from 'pino';
import { z } from 'zod';
import { keepInSync } from '../../keep-in-sync.ts';
import type { RedisConnection } from '../../store/redis.ts';
import {
  type ForgetQueue,
  type ForgetQueueOptions,
  mostTries,
  mostWaiting,
  pauseAfter,
} from './forget-queue.ts';
import type { WechatUserEvent } from './user-event.ts';

export interface RedisForgetQueueOptions
  extends Pick<ForgetQueueOptions, 'forget' | 'onOutcome' | 'maxTries' | 'maxWaiting'> {
  readonly redis: RedisConnection;
  readonly log: Logger;
  /** How long a gateway may be at one event; then it counts as dead, and another takes over. */
  readonly leaseMs: number;
}

/** Every script begins like this: what no gateway wrote counts as absent. */
const begins = (type: 'zset' | 'hash'): string => `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('TYPE', KEYS[1]).ok ~= '${type}' then redis.call('DEL', KEYS[1]) end
`;

/** A sorted set: event ids by when to look at them next. ARGV: id, milliseconds from now, most ids. */
const listScript = `${begins('zset')}
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 'full' end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
return 'listed'`;

/** ARGV: lease, most ids. Others do not look at these ids meanwhile. */
const dueScript = `${begins('zset')}
local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[2])
for _, id in ipairs(ids) do redis.call('ZADD', KEYS[1], now + tonumber(ARGV[1]), id) end
return ids`;

/** A hash of one event: the event, its tries, and until when a gateway is at it. ARGV: event or nothing, lease, lifetime. */
const beginScript = `${begins('hash')}
if ARGV[1] ~= '' then redis.call('HSETNX', KEYS[1], 'event', ARGV[1]) end
local event = redis.call('HGET', KEYS[1], 'event')
if not event then return { 'absent' } end
if (tonumber(redis.call('HGET', KEYS[1], 'busyUntil')) or 0) > now then return { 'busy' } end
redis.call('HSET', KEYS[1], 'busyUntil', string.format('%.0f', now + tonumber(ARGV[2])))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return { 'begun', event, redis.call('HINCRBY', KEYS[1], 'tries', 1) }`;

/** Of one gateway, once a second. */
const atOnce = 10;

/** Longer than an event may wait. */
const keptMs = 172_800_000;

const storedEvent: z.ZodType<WechatUserEvent> = z.object({
  id: z.string(),
  kind: z.enum(['user_authorization_revoke', 'user_authorization_cancellation', 'user_info_modified']),
  appId: z.string(),
  openid: z.string(),
  revokeInfo: z.union([z.literal('all'), z.array(z.number())]),
});

/** While Redis is away nothing new is taken: WeChat is told so, and sends it again. */
export function createRedisForgetQueue({
  redis,
  log,
  forget,
  onOutcome,
  leaseMs,
  maxTries = mostTries,
  maxWaiting = mostWaiting,
}: RedisForgetQueueOptions): ForgetQueue {
  const list = redis.defineScript('minigateForgetList', listScript);
  const takeDue = redis.defineScript('minigateForgetDue', dueScript);
  const unlist = redis.defineScript('minigateForgetUnlist', "redis.call('ZREM', KEYS[1], ARGV[1])");
  const begin = redis.defineScript('minigateForgetBegin', beginScript);
  const pause = redis.defineScript('minigateForgetPause', "redis.call('HDEL', KEYS[1], 'busyUntil')");
  const drop = redis.defineScript('minigateForgetDrop', "redis.call('DEL', KEYS[1])");
  const listKey = redis.toKey('forgets', 'waiting');
  const toKey = (id: string): string => redis.toKey('forget', id);

  const remove = async (id: string): Promise<void> => {
    await drop(toKey(id), []);
    await unlist(listKey, [id]);
  };
  /** What Redis does not take now, the end of the lease does. */
  const settle = (work: Promise<unknown>): Promise<void> =>
    work.then(
      () => {},
      (err) => log.warn({ err }, 'what becomes of an event could not be stored; the event is repeated'),
    );

  async function attempt(id: string, given?: WechatUserEvent): Promise<void> {
    const args = [given ? JSON.stringify(given) : '', leaseMs, keptMs];
    const [state, json = '', tries] = (await begin(toKey(id), args)) as [string, string?, number?];
    if (state === 'busy') throw new Error('Another gateway is at it.');
    const event = state === 'begun' ? parseEvent(json) : undefined;
    if (!event) return remove(id);
    try {
      await forget(event);
    } catch (error) {
      const isLost = Number(tries) >= maxTries;
      const pauseMs = pauseAfter(Number(tries));
      const paused = () => list(listKey, [id, pauseMs, maxWaiting]);
      await settle(isLost ? remove(id) : pause(toKey(id), []).then(paused));
      onOutcome(isLost ? 'lost' : 'waiting', event);
      throw error;
    }
    await settle(remove(id));
    onOutcome('done', event);
  }

  async function tryOnce(event: WechatUserEvent): Promise<void> {
    try {
      await forget(event);
    } catch (error) {
      onOutcome('lost', event);
      throw error;
    }
    onOutcome('done', event);
  }

  const carryOutDue = async (): Promise<void> => {
    const ids = (await takeDue(listKey, [leaseMs, atOnce])) as string[];
    await Promise.allSettled(ids.map((id) => attempt(id)));
  };
  const syncing = keepInSync('what WeChat tells to delete', carryOutDue, log);

  return {
    async forget(event) {
      // Before anything else, so that what is begun is found however this gateway ends.
      const listed = await list(listKey, [event.id, leaseMs, maxWaiting]);
      await (listed === 'full' ? tryOnce(event) : attempt(event.id, event));
    },
    close: () => void syncing.then(({ stop }) => stop()),
  };
}

function parseEvent(json: string): WechatUserEvent | undefined {
  try {
    return storedEvent.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
