import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { createBanWaves } from '../../registry/notices/ban-waves.ts';
import { startDeliveredGateway } from '../support/delivered-gateway.ts';
import { startRegistryWorld } from './registry-world.ts';

const minute = 60_000;
const rejected = (count: number) => [{ subject: 'address' as const, rule: 'failed logins', count }];

describe('bans', () => {
  function watch() {
    const clock = { now: 0 };
    return { clock, waves: createBanWaves({ bans: 10, minutes: 5 }, () => clock.now) };
  }

  test('that are many within minutes are a wave, told of once while it lasts', () => {
    const { clock, waves } = watch();
    expect(waves.note('release', rejected(9))).toBeUndefined();
    clock.now = minute;
    const user = { subject: 'user' as const, rule: 'cost', count: 2 };
    expect(waves.note('release', [user])).toEqual({
      ...{ bans: 11, minutes: 5 },
      counts: [{ subject: 'address', rule: 'failed logins', count: 9 }, user],
    });
    for (let at = 2; at < 60; at += 1) {
      clock.now = at * minute;
      expect(waves.note('release', rejected(12))).toBeUndefined();
    }
  });

  test('that come after a quiet time are a wave of their own, in each environment', () => {
    const { clock, waves } = watch();
    const begins = (environment: string) => waves.note(environment, rejected(10))?.bans;
    expect([begins('release'), begins('release'), begins('trial')]).toEqual([10, undefined, 10]);
    clock.now = 6 * minute;
    expect([begins('release'), begins('trial')]).toEqual([10, 10]);
  });

  test('that come slowly are no wave', () => {
    const { clock, waves } = watch();
    for (let at = 0; at < 100; at += 1) {
      clock.now = at * minute;
      expect(waves.note('release', rejected(1))).toBeUndefined();
    }
  });

  test('of which nobody could be told are told of when more come', () => {
    const { waves } = watch();
    expect(waves.note('release', rejected(10))?.bans).toBe(10);
    waves.forget('release');
    expect(waves.note('release', rejected(10))?.bans).toBe(10);
  });
});

test('bans on two gateways make one message, which names no person', async () => {
  const messages: Record<string, unknown>[] = [];
  const receiver = createServer(async (request, response) => {
    messages.push(JSON.parse(await text(request)));
    response.end();
  });
  await once(receiver.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as { port: number }).port}/`;
  const world = await startRegistryWorld({
    notices: [{ name: 'team', kind: 'webhook', url, events: ['ban_wave'] }],
    banWave: { bans: 6 },
  });
  await world.publish(await world.token('owner', ['greeting']), 'greeting', 'type Query { hello: String }');
  const trust = { token: await world.token('gateway', []), publicKeys: [world.publicKey] };
  const rule = {
    ...{ name: 'guesses', event: 'AUTHENTICATION_FAILED' as const, per: 'address' as const },
    ...{ weight: 2_000, halfLifeSeconds: 60 },
  };
  const gateways = await Promise.all(
    [1, 2].map(() =>
      startDeliveredGateway(
        { url: world.url, trust },
        {
          bundles: { intervalMs: 60_000, usageIntervalMs: 50 },
          config: {
            ...{ environment: 'dev', trustedProxies: ['127.0.0.1'] },
            behaviour: { mode: 'enforce', exemptAddresses: [], rules: [rule] },
          },
        },
      ),
    ),
  );
  const guess = ({ url }: { url: string }, address: string) =>
    fetch(`${url}/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ refreshToken: 'a-guess' }),
    });
  for (const [index, gateway] of gateways.entries())
    for (const last of [1, 2, 3, 4]) await guess(gateway, `198.51.10${index}.${last}`);

  await vi.waitFor(() => expect(messages).toHaveLength(1), { timeout: 10_000 });
  const [{ id: _, at: __, details, ...message } = {}] = messages;
  const { bans, counts } = details as { bans: number; counts: object[] };
  expect({ message, counts, isMany: bans >= 6 }).toEqual({
    message: { event: 'ban_wave', environment: 'dev', actor: 'gateway-' },
    counts: [{ subject: 'address', rule: 'guesses', count: bans }],
    isMany: true,
  });
  expect(JSON.stringify(messages)).not.toContain('198.51.10');
  for (const last of [5, 6, 7]) for (const gateway of gateways) await guess(gateway, `198.51.109.${last}`);
  await Promise.all(gateways.map((gateway) => gateway.close()));
  expect(messages).toHaveLength(1);
  await world.close();
  receiver.close();
}, 60_000);
