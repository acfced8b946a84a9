import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRedisSeenMessages } from '../../../../gateway/identity/wechat/redis-seen-messages.ts';
import type { SeenMessages } from '../../../../gateway/identity/wechat/seen-messages.ts';
import { connectRedis, type RedisConnection } from '../../../../gateway/store/redis.ts';
import { describeWith } from '../../../support/services.ts';

const keyPrefix = `test:${randomBytes(6).toString('hex')}:`;
const connect = (url: string): Promise<RedisConnection> =>
  connectRedis({ url, isCluster: false, keyPrefix, commandTimeoutMs: 2_000, onLost: () => {} });

describeWith('redis', 'pushed messages in Redis', (url) => {
  let connections: RedisConnection[];
  let one: SeenMessages;
  let other: SeenMessages;
  beforeAll(async () => {
    connections = [await connect(url), await connect(url)];
    [one, other] = connections.map(createRedisSeenMessages) as [SeenMessages, SeenMessages];
  });
  afterAll(() => Promise.all(connections.map((connection) => connection.close())));

  test('of 20 who begin a message on two gateways one does', async () => {
    const states = await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? one : other).begin('m1')));
    expect(states.sort()).toEqual(['new', ...Array(19).fill('under way')]);
  });

  test('what one gateway has done is done for the other; what it gave up is new', async () => {
    await one.begin('m2');
    await one.finish('m2');
    expect(await other.begin('m2')).toBe('done');

    await one.begin('m3');
    await one.release('m3');
    expect(await other.begin('m3')).toBe('new');
  });

  test('no message is begun once Redis is gone', async () => {
    const gone = await connect(url);
    const seen = createRedisSeenMessages(gone);
    await gone.close();
    await expect(seen.begin('m4')).rejects.toThrow();
  });
});
