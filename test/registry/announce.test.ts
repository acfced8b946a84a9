import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { createAnnouncer } from '../../registry/publish/announce-in-redis.ts';
import { describeWith } from '../support/services.ts';

describeWith('redis', 'announcements', (url) => {
  test('gateways that listen to an environment are told', async () => {
    const channel = `minigate:bundle:test-${randomUUID()}`;
    const gateway = new Redis(url);
    await gateway.subscribe(channel);
    const told = new Promise((resolve) => gateway.once('message', resolve));
    const faults: unknown[] = [];
    const announcer = createAnnouncer(url, (fault) => faults.push(fault));
    announcer.announce(channel.slice('minigate:bundle:'.length));
    expect(await told).toBe(channel);
    expect(faults).toEqual([]);
    announcer.close();
    gateway.disconnect();
  });
});
