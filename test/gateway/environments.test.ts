import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConfigInput } from '../../gateway/config.ts';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { type DeliveredGateway, startDeliveredGateway } from '../support/delivered-gateway.ts';
import { goodbye, greetingGraph, hello, toGreetings } from '../support/greeting-graph.ts';
import { type StandInRegistry, startStandInRegistry } from '../support/stand-in-registry.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

const environments: ConfigInput['environments'] = [
  { name: 'release', hosts: ['api.test'], envVersions: ['release'], default: true },
  { name: 'dev', hosts: ['dev.test'], envVersions: ['develop'], token: 'a token of dev alone' },
];
let subgraph: TestSubgraph;
let registry: StandInRegistry;
let gateway: DeliveredGateway;

beforeAll(async () => {
  subgraph = await startTestSubgraph(greetingGraph);
  registry = await startStandInRegistry();
  registry.setToken('dev', 'a token of dev alone');
  await publish('release', ['hello']);
  await publish('dev', ['hello', 'goodbye']);
  gateway = await startDeliveredGateway(registry, {
    bundles: { usageIntervalMs: 50 },
    config: { environments },
  });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([registry.close(), subgraph.close()]);
});

const publish = (environment: string, fields: Parameters<typeof toGreetings>[1]) =>
  registry.of(environment).publish(toGreetings(subgraph.url, fields));

/** The data, or the status and the code of the refusal. `fetch` would not send another host. */
function ask(body: string, headers: Record<string, string>): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const options = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
  const sent = httpRequest(`${gateway.url}/graphql`, options, async (response) => {
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    const { data, errors } = JSON.parse(text);
    resolve(data ?? `${response.statusCode} ${errors[0].extensions.code}`);
  });
  sent.on('error', reject).end(JSON.stringify({ documentId: documentIdOf(body) }));
  return promise;
}

const inspect = async () => {
  const { environments: states } = (await gateway.inspect()) as unknown as {
    environments: { environment: string; sequence: number; source: { trouble?: { code: string } } }[];
  };
  return Object.fromEntries(
    states.map(({ environment, sequence, source }) => [
      environment,
      [sequence, ...(source.trouble ? [source.trouble.code] : [])],
    ]),
  );
};
const unknown = '404 PERSISTED_QUERY_NOT_FOUND';

test('each environment is answered at its own version, by host and by header', async () => {
  const bye = { goodbye: 'goodbye' };
  expect(await ask(goodbye, { host: 'dev.test' })).toEqual(bye);
  expect(await ask(goodbye, { 'minigate-env': 'develop' })).toEqual(bye);
  expect(await ask(goodbye, { host: 'api.test' })).toBe(unknown);
  expect(await ask(goodbye, { 'minigate-env': 'release' })).toBe(unknown);
  expect(await ask(goodbye, {})).toBe(unknown);
  expect(await ask(hello, {})).toEqual({ hello: 'hello' });
});

test('a header that is not listed, or that the host contradicts, is refused and nothing is sent', async () => {
  const fetches = subgraph.received.length;
  const refused = '404 ENVIRONMENT_NOT_SERVED';
  expect(await ask(hello, { 'minigate-env': 'staging' })).toBe(refused);
  expect(await ask(hello, { host: 'api.test', 'minigate-env': 'develop' })).toBe(refused);
  expect(subgraph.received).toHaveLength(fetches);
});

test('what is published to one environment swaps that one alone', async () => {
  const before = await inspect();
  await publish('release', ['hello', 'goodbye']);
  await expect.poll(() => ask(goodbye, {}), { timeout: 5_000 }).toEqual({ goodbye: 'goodbye' });
  await publish('dev', ['hello']);
  await expect.poll(() => ask(goodbye, { host: 'dev.test' }), { timeout: 5_000 }).toBe(unknown);
  expect(await ask(goodbye, {})).toEqual({ goodbye: 'goodbye' });
  expect([before, await inspect()]).toEqual([
    { release: [1], dev: [1] },
    { release: [2], dev: [2] },
  ]);
});

test('a bundle of one environment that cannot be trusted leaves both served, and what comes for the other is', async () => {
  registry.of('dev').deliver(Buffer.from('{}\nnothing'));
  await expect.poll(inspect, { timeout: 5_000 }).toMatchObject({ dev: [2, 'BUNDLE_UNREADABLE'] });
  await publish('release', ['hello']);
  await expect.poll(() => ask(goodbye, {}), { timeout: 5_000 }).toBe(unknown);
  expect(await ask(hello, { host: 'dev.test' })).toEqual({ hello: 'hello' });
  registry.of('dev').deliver(await publish('release', ['hello']));
  await expect.poll(inspect, { timeout: 5_000 }).toMatchObject({ dev: [2, 'BUNDLE_OTHER_ENVIRONMENT'] });
});

test('use is told to the environment that was asked', async () => {
  const told = (environment: string) => JSON.stringify(registry.of(environment).usage);
  await publish('dev', ['goodbye']);
  await expect
    .poll(() => ask(goodbye, { host: 'dev.test' }), { timeout: 5_000 })
    .toEqual({ goodbye: 'goodbye' });
  const id = documentIdOf(goodbye);
  await expect.poll(() => told('dev'), { timeout: 5_000 }).toContain(id);
  const ofRelease = registry.of('release').usage.length;
  await ask(hello, { host: 'api.test' });
  await expect.poll(() => registry.of('release').usage.length, { timeout: 5_000 }).toBeGreaterThan(ofRelease);
  expect(JSON.stringify(registry.of('release').usage.slice(ofRelease))).not.toContain(id);
});

test('metrics and the log say the environment', async () => {
  await ask(hello, { host: 'api.test' });
  const series = [
    'minigate_operations_total{operation="Hello",code="OK",environment="release"}',
    'minigate_bundle_sequence{environment="dev"}',
  ];
  for (const name of series) expect(await gateway.metric(name)).toBeGreaterThan(0);
  expect(gateway.log().findLast(({ msg }) => msg === 'operation')).toMatchObject({ environment: 'release' });
});
