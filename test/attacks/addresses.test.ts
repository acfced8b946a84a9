/** Attacks by forged addresses, and the denylist: what counts is the socket's address, or what our own proxy says of it. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../gateway/config.ts';
import { type AttackWorld, appId, type Send, startAttackWorld } from '../support/attack-world.ts';
import { askAdmin, type GatewayNodes, startGatewayNodes } from '../support/gateway-nodes.ts';
import { describeWith } from '../support/services.ts';

const denied = '203.0.113.7';
const everyHeader = (address: string): Record<string, string> => ({
  'x-forwarded-for': address,
  'x-real-ip': address,
  'cf-connecting-ip': address,
  'true-client-ip': address,
  'x-client-ip': address,
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  forwarded: `for=${address};host=evil.example;proto=https`,
});
const ask = (headers: Record<string, string> = {}): Send => ({ body: { query: '{docs{id}}' }, headers });

async function outcome(world: AttackWorld, send: Send): Promise<string> {
  const { status, json } = await world.ask(send);
  return [status, json?.errors?.[0]?.extensions?.code].filter(Boolean).join(' ');
}

describe('a gateway without proxies', () => {
  let world: AttackWorld;
  beforeAll(async () => {
    world = await startAttackWorld({ dev: true, config: { denylist: [`${denied}/32`] } });
  });
  afterAll(() => world?.close());

  test('X-01 no header says whose address it is, and the log tells of it once', async () => {
    const send = ask(everyHeader(denied));
    expect([await outcome(world, send), await outcome(world, send)]).toEqual(['200', '200']);
    const warnings = world.gateway.log().filter(({ msg }) => `${msg}`.includes('trustedProxies'));
    expect(warnings).toHaveLength(1);
  });
});

test.each([[1], ['1'], ['*'], ['true'], ['010.0.0.0/8']])(
  'X-02 %j is no proxy to trust: no start',
  (proxy) => {
    const settings = { dev: true, supergraph: 'a', trustedProxies: [proxy] };
    expect(() => parseConfig(settings)).toThrow('trustedProxies.0');
  },
);

describe('a gateway behind a proxy that is trusted', () => {
  let world: AttackWorld;
  beforeAll(async () => {
    const config = { trustedProxies: ['127.0.0.0/8'], denylist: ['203.0.113.0/24', '2001:db8:1:2::9'] };
    world = await startAttackWorld({ dev: true, config });
  });
  afterAll(() => world?.close());

  test.each([
    ['the address that the proxy saw', { 'x-forwarded-for': denied }, '403 ADDRESS_DENIED'],
    ['the nearest of several', { 'x-forwarded-for': `8.8.8.8, ${denied}` }, '403 ADDRESS_DENIED'],
    ['no other than the nearest', { 'x-forwarded-for': `${denied}, 8.8.8.8` }, '200'],
    ['the same in IPv6 clothes', { 'x-forwarded-for': `::ffff:${denied}` }, '403 ADDRESS_DENIED'],
    ['any address of an IPv6 subscriber', { 'x-forwarded-for': '2001:db8:1:2:f::1' }, '403 ADDRESS_DENIED'],
    ['not another subscriber', { 'x-forwarded-for': '2001:db8:1:3::9' }, '200'],
    ['no address with zeros before its octets', { 'x-forwarded-for': '203.0.113.007' }, '200'],
    ['no other header', { 'x-real-ip': denied, forwarded: `for=${denied}` }, '200'],
  ])('X-02 what counts is %s', async (_title, headers, expected) => {
    expect(await outcome(world, ask(headers))).toBe(expected);
  });

  test('who is denied is refused before the body is read, on every path, and learns nothing', async () => {
    const headers = { 'x-forwarded-for': denied };
    const answers = [
      await world.ask({ headers, body: 'x'.repeat(1_000_000) }),
      await world.ask({ headers, path: '/auth/wechat/login', body: { appId, code: 'x' } }),
      await world.ask({ headers, path: '/nothing', method: 'GET' }),
    ];
    const refused = {
      message: 'Requests from this network address are not answered.',
      extensions: { code: 'ADDRESS_DENIED', userMessage: '当前网络无法使用此服务，请更换网络后再试' },
    };
    expect(answers.map(({ status, json }) => ({ status, json }))).toEqual(
      Array.from({ length: 3 }, () => ({ status: 403, json: { errors: [refused] } })),
    );
  });

  test('operators add ranges, see them with their reasons, and remove them', async () => {
    const range = '198.51.100.0/24';
    const from = (address: string): Promise<string> => outcome(world, ask({ 'x-forwarded-for': address }));
    expect(await from('198.51.100.9')).toBe('200');
    const added = { range: '198.51.100.7/24', reason: 'scraping', durationSeconds: 60 };
    expect(await askAdmin(world, 'POST', '/admin/denylist', added)).toEqual({
      status: 201,
      json: { range, reason: 'scraping', endsInSeconds: 60 },
    });
    expect([await from('198.51.100.9'), await from('198.51.101.9')]).toEqual(['403 ADDRESS_DENIED', '200']);
    expect((await askAdmin(world, 'GET', '/admin/denylist')).json).toEqual({
      denied: [
        { range: '203.0.113.0/24', reason: 'settings' },
        { range: '2001:db8:1:2:0:0:0:0/64', reason: 'settings' },
        { range, reason: 'scraping', endsInSeconds: expect.any(Number) },
      ],
    });
    const path = `/admin/denylist/${encodeURIComponent(range)}`;
    expect((await askAdmin(world, 'DELETE', path)).status).toBe(204);
    expect((await askAdmin(world, 'DELETE', path)).status).toBe(404);
    expect(await from('198.51.100.9')).toBe('200');
    for (const bad of [{ range, reason: '' }, { range: '010.0.0.1', reason: 'x' }, { reason: 'x' }])
      expect((await askAdmin(world, 'POST', '/admin/denylist', bad)).status).toBe(400);
  });
});

describe('a gateway that has a cap on floods', () => {
  let world: AttackWorld;
  beforeAll(async () => {
    const config = { trustedProxies: ['127.0.0.0/8'], rates: { flood: { requests: 5, seconds: 10 } } };
    world = await startAttackWorld({ dev: true, config });
  });
  afterAll(() => world?.close());

  test('refuses what one address sends beyond it, whatever it is, and no other address', async () => {
    const headers = { 'x-forwarded-for': '2001:db8::1' };
    for (let i = 0; i < 5; i += 1) await world.ask({ headers, path: '/nothing' });
    const { status, headers: answered } = await world.ask(ask({ 'x-forwarded-for': '2001:db8::2' }));
    expect({ status, retryAfter: answered['retry-after'] }).toEqual({ status: 429, retryAfter: '2' });
    expect(await outcome(world, ask({ 'x-forwarded-for': '2001:db8:0:1::1' }))).toBe('200');
  });
});

describeWith('redis', 'two gateways that share a Redis', (redisUrl) => {
  let replicas: GatewayNodes;
  beforeAll(async () => {
    replicas = await startGatewayNodes(2, { redisUrl });
  });
  afterAll(() => replicas?.close());

  test('an address that is denied on one is denied on the other within 2 s', async () => {
    const [one, other] = replicas.nodes as [AttackWorld, AttackWorld];
    expect(await outcome(other, ask())).toBe('200');
    await askAdmin(one, 'POST', '/admin/denylist', { range: '127.0.0.1', reason: 'test' });
    expect(await outcome(one, ask())).toBe('403 ADDRESS_DENIED');
    await vi.waitFor(async () => expect(await outcome(other, ask())).toBe('403 ADDRESS_DENIED'), 2_000);
    await askAdmin(other, 'DELETE', '/admin/denylist/127.0.0.1');
    await vi.waitFor(async () => expect(await outcome(one, ask())).toBe('200'), 2_000);
  });
});
