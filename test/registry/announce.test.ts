import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { connectAnnouncements } from '../../registry/store/announce.ts';
import { describeWith } from '../support/services.ts';

describeWith('redis', 'announcements', (url) => {
  test('gateways that listen to an environment are told', async () => {
    const environment = `test-${randomUUID()}`;
    const gateway = new Redis(url);
    await gateway.subscribe(`minigate:bundle:${environment}`);
    const told = new Promise((resolve) => gateway.once('message', (_channel, message) => resolve(message)));
    const announcements = connectAnnouncements(url);
    announcements.announce(environment);
    expect(await told).toBe(environment);
    announcements.close();
    gateway.disconnect();
  });
});
