import { expect, test, vi } from 'vitest';
import { connectRedis } from '../../../gateway/store/redis.ts';
import { startWatchedRedis } from '../../support/redis-sentinel.ts';
import { startRedisServer } from '../../support/redis-server.ts';
import { describeWith } from '../../support/services.ts';

describeWith('redis-server', 'the connection to Redis', (program) => {
  test('takes no lateness of its own process for that of Redis', async () => {
    const server = await startRedisServer(program);
    const onLost = (): void => {};
    const options = { url: server.url, isCluster: false, keyPrefix: 'test:', commandTimeoutMs: 50, onLost };
    const redis = await connectRedis(options);
    const answer = redis.defineScript('answer', 'return ARGV[1]')(redis.toKey('test', 'a'), ['here']);
    // Sent before, answered long since, not yet read.
    await new Promise((resolve) => setImmediate(resolve));
    for (const until = performance.now() + 120; performance.now() < until; );
    expect(await answer).toBe('here');
    await redis.close();
    await server.close();
  });

  test('follows the Sentinels to the replica that becomes the primary, with what it knows', async () => {
    const { name, sentinel, primary, replica, close } = await startWatchedRedis(program);
    const redis = await connectRedis({
      ...{ url: 'redis://the-sentinels-know', isCluster: false, sentinel: { name, nodes: [sentinel] } },
      ...{ keyPrefix: 'test:', commandTimeoutMs: 1_000, onLost() {} },
    });
    const set = redis.defineScript('set', "return redis.call('SET', KEYS[1], ARGV[1])");
    const get = redis.defineScript('get', "return redis.call('GET', KEYS[1])");
    const key = redis.toKey('test', 'a');
    await set(key, ['here']);
    await vi.waitFor(async () => expect(await replica.call('GET', key)).toBe('here'));

    await primary.kill();

    await vi.waitFor(async () => expect(await get(key, [])).toBe('here'), { timeout: 20_000, interval: 200 });
    await vi.waitFor(async () => expect(await set(key, ['moved'])).toBe('OK'), { timeout: 20_000 });
    expect(await replica.call('GET', key)).toBe('moved');
    await redis.close();
    await close();
  }, 60_000);
});
