/** What could not be deleted yet waits in Redis: whichever gateway ends, another carries it out, one at a time. */
import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createRedisForgetQueue } from '../../../../gateway/identity/wechat/redis-forget-queue.ts';
import type { WechatUserEvent } from '../../../../gateway/identity/wechat/user-event.ts';
import { connectRedis } from '../../../../gateway/store/redis.ts';
import { createLog } from '../../../../gateway/telemetry/log.ts';
import { describeWith } from '../../../support/services.ts';

const event = (id: string): WechatUserEvent => ({
  ...{ id, kind: 'user_authorization_revoke', appId: 'wx1', openid: 'o-anna', revokeInfo: [6] },
});
type Forget = (event: WechatUserEvent) => Promise<void>;
const fail: Forget = async () => {
  throw new Error('away');
};
const soon = { timeout: 10_000 };

describeWith('redis', 'what waits to be deleted, in Redis', (url) => {
  let redis: Redis;
  let keyPrefix: string;
  let told: string[];
  const ends: (() => Promise<void>)[] = [];
  beforeAll(() => {
    redis = new Redis(url);
  });
  beforeEach(() => {
    keyPrefix = `test:${randomBytes(6).toString('hex')}:`;
    told = [];
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    for (const key of await keys()) await redis.del(key);
  });
  afterAll(() => redis.quit());

  const keys = async (): Promise<string[]> => redis.keys(`${keyPrefix}*`);
  /** @returns `end`, by which it is gone, as at the end of its process */
  async function startGateway(name: string, forget: Forget, options = {}) {
    const connection = await connectRedis({
      ...{ url, isCluster: false, keyPrefix, commandTimeoutMs: 2_000, onLost: () => {} },
    });
    const queue = createRedisForgetQueue({
      ...{ redis: connection, log: createLog('silent'), leaseMs: 60_000, forget, ...options },
      onOutcome: (outcome, { id }) => told.push(`${name}: ${id} ${outcome}`),
    });
    const end = async (): Promise<void> => {
      queue.close();
      await connection.close();
    };
    ends.push(end);
    return { ...queue, end };
  }

  test('what succeeds is tried once, and nothing of it is left', async () => {
    const one = await startGateway('one', async () => {});
    await one.forget(event('a'));
    expect([told, await keys()]).toEqual([['one: a done'], []]);
  });

  test('what one gateway could not do is done by another, once the first is gone', async () => {
    const one = await startGateway('one', fail);
    await expect(one.forget(event('a'))).rejects.toThrow('away');
    await one.end();
    const seen: WechatUserEvent[] = [];
    await startGateway('two', async (given) => void seen.push(given));
    await vi.waitFor(() => expect(told).toEqual(['one: a waiting', 'two: a done']), soon);
    expect([seen, await keys()]).toEqual([[event('a')], []]);
  });

  test('what a gateway was at when it was killed is done by another, once the first counts as dead', async () => {
    const begun = Promise.withResolvers<void>();
    const one = await startGateway('one', () => new Promise(() => begun.resolve()), { leaseMs: 500 });
    void one.forget(event('a'));
    await begun.promise;
    await one.end();
    await startGateway('two', async () => {});
    await vi.waitFor(() => expect(told).toEqual(['two: a done']), soon);
  });

  test('however many gateways are told of one event, one is at it at a time', async () => {
    const at = { now: 0, most: 0, times: 0 };
    const slow: Forget = async () => {
      at.now += 1;
      at.times += 1;
      at.most = Math.max(at.most, at.now);
      await redis.ping();
      at.now -= 1;
      if (at.times < 2) throw new Error('away');
    };
    const gateways = [await startGateway('one', slow), await startGateway('two', slow)];
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => gateways[index % 2]?.forget(event('a'))),
    );
    expect(answers.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0);
    await vi.waitFor(async () => expect(await keys()).toEqual([]), soon);
    expect(at).toMatchObject({ now: 0, most: 1 });
    expect(told.filter((each) => each.endsWith('done'))).not.toEqual([]);
  });

  test('after the last try, and beyond the most that may wait, an event is told as lost', async () => {
    const one = await startGateway('one', fail, { maxTries: 1, maxWaiting: 1 });
    await one.forget(event('a')).catch(() => {});
    expect([told, await keys()]).toEqual([['one: a lost'], []]);
    const two = await startGateway('two', fail, { maxWaiting: 1 });
    for (const id of ['b', 'c']) await two.forget(event(id)).catch(() => {});
    expect(told.slice(1)).toEqual(['two: b waiting', 'two: c lost']);
  });

  test('what no gateway wrote counts as absent', async () => {
    const one = await startGateway('one', fail);
    await one.forget(event('a')).catch(() => {});
    await one.end();
    const [list = '', record = ''] = (await keys()).sort().reverse();
    await redis.hset(record, 'event', '{"id":7}');
    await startGateway('two', async () => {});
    await vi.waitFor(async () => expect(await keys()).toEqual([]), soon);
    await redis.set(list, 'nonsense');
    const three = await startGateway('three', async () => {});
    await three.forget(event('b'));
    expect(told).toEqual(['one: a waiting', 'three: b done']);
  });
});
