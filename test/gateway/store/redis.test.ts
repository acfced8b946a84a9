import { expect, test } from 'vitest';
import { connectRedis } from '../../../gateway/store/redis.ts';
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
});
