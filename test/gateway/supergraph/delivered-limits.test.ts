import { hash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConfigInput } from '../../../gateway/config.ts';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import type { BundleContent } from '../../../registry/bundle/write-bundle.ts';
import { type DeliveredGateway, startDeliveredGateway } from '../../support/delivered-gateway.ts';
import { greetingGraph, hello, toGreetings, toOperation } from '../../support/greeting-graph.ts';
import { type StandInRegistry, startStandInRegistry } from '../../support/stand-in-registry.ts';
import { noRates } from '../../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

const twice = 'query Twice { hello goodbye }';
const key = `mgk_${'k'.repeat(43)}`;
const clerk = {
  ...{ name: 'clerk', hash: `sha256:${hash('sha256', key)}`, roles: ['CLERK'] },
  expiresAt: '2099-01-01T00:00:00Z',
};
const access = { roles: { CLERK: { level: 1, permissions: [] } } };
const clock = { ms: Date.parse('2026-11-24T08:00:00Z') };
let subgraph: TestSubgraph;
let registry: StandInRegistry;
let gateway: DeliveredGateway;

async function serve(config: Partial<ConfigInput>, published: Partial<BundleContent>): Promise<void> {
  registry = await startStandInRegistry();
  await publish(published);
  gateway = await startDeliveredGateway(registry, {
    config: { apiKeys: [clerk], ...config },
    now: () => clock.ms,
  });
}

const publish = (published: Partial<BundleContent>): Promise<Buffer> => {
  const { supergraphSdl } = toGreetings(subgraph.url, ['hello', 'goodbye']);
  return registry.publish({
    ...{ supergraphSdl, access },
    manifests: [{ operations: [hello, twice].map(toOperation) }],
    ...published,
  });
};

/** `OK`, or the code of the refusal. */
async function ask(body: string, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ documentId: documentIdOf(body) }),
  });
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return errors?.[0]?.extensions.code ?? 'OK';
}
const askAsClerk = (body: string) => ask(body, { authorization: `Bearer ${key}` });
const both = async (body: string) => ({ guest: await ask(body), clerk: await askAsClerk(body) });

beforeAll(async () => {
  subgraph = await startTestSubgraph(greetingGraph);
});
afterAll(() => subgraph.close());

test('limits of a bundle hold from the next request on, and go with the next bundle', async () => {
  await serve({}, {});
  expect(await both(twice)).toEqual({ guest: 'OK', clerk: 'OK' });
  await publish({ limits: { maxRootFields: 1 } });
  await expect.poll(() => ask(twice), { timeout: 5_000 }).toBe('LIMIT_EXCEEDED');
  expect(await both(hello)).toEqual({ guest: 'OK', clerk: 'OK' });
  await publish({});
  await expect.poll(() => ask(twice), { timeout: 5_000 }).toBe('OK');
  await Promise.all([gateway.close(), registry.close()]);
});

test('the gateway’s own settings are the upper bound, role by role', async () => {
  const own = { maxRootFields: 1, maxCost: 10, maxCostByRole: { GUEST: 1 } };
  await serve({ limits: own }, { limits: { maxRootFields: 20, maxCost: 9_000 } });
  expect(await both(twice)).toEqual({ guest: 'LIMIT_EXCEEDED', clerk: 'LIMIT_EXCEEDED' });
  await Promise.all([gateway.close(), registry.close()]);
});

test('rates of a bundle are counted beside the gateway’s own, and the smaller refuses', async () => {
  const two = { requests: 2, seconds: 3_600 };
  const rates = { service: two, operations: { Twice: { requests: 1, seconds: 3_600, of: 'all' as const } } };
  await serve({ rates: { ...noRates, service: { requests: 6_000, seconds: 60 } } }, { limits: { rates } });
  expect([await ask(twice), await ask(twice), await ask(hello)]).toEqual(['OK', 'RATE_LIMITED', 'OK']);
  const asked = [await askAsClerk(hello), await askAsClerk(hello), await askAsClerk(hello)];
  expect(asked).toEqual(['OK', 'OK', 'RATE_LIMITED']);
  await Promise.all([gateway.close(), registry.close()]);
});

test('a published ban of an address refuses before anything is read, until it ends', async () => {
  const trustedProxies = ['127.0.0.1/32'];
  const endsAt = new Date(clock.ms + 60_000).toISOString();
  const bans = [{ address: '203.0.113.0/24', endsAt, reason: 'scraping' }, { address: '2001:db8::1' }];
  await serve({ trustedProxies }, { bans });
  const from = (address: string) => ask(hello, { 'x-forwarded-for': address });
  const all = ['203.0.113.9', '203.0.114.9', '2001:db8::7'];
  expect(await Promise.all(all.map(from))).toEqual(['ADDRESS_DENIED', 'OK', 'ADDRESS_DENIED']);
  const shown = (await (await fetch(`${gateway.adminUrl}/admin/bans`)).json()) as unknown;
  expect(shown).toEqual({ bans: [], published: bans });
  clock.ms += 60_000;
  expect(await Promise.all(all.map(from))).toEqual(['OK', 'OK', 'ADDRESS_DENIED']);
  await publish({});
  await expect.poll(() => from('2001:db8::7'), { timeout: 5_000 }).toBe('OK');
  await Promise.all([gateway.close(), registry.close()]);
});

test('a ceiling for a role that the bundle does not have leaves the version before in force', async () => {
  await serve({}, { limits: { maxCostByRole: { CLERK: 500 } } });
  await publish({ limits: { maxRootFields: 1, maxCostByRole: { MANAGER: 1 } } });
  const trouble = async () => (await gateway.inspect()).source.trouble;
  await expect.poll(trouble, { timeout: 5_000 }).toMatchObject({
    code: 'UNSERVABLE',
    message: expect.stringContaining('the policy has no role MANAGER'),
  });
  expect(await ask(twice)).toBe('OK');
  await Promise.all([gateway.close(), registry.close()]);
});
