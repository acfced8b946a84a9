import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAnnouncer } from '../../../registry/publish/announce-in-redis.ts';
import { type DeliveredGateway, startDeliveredGateway } from '../../support/delivered-gateway.ts';
import { goodbye, greetingGraph, hello, toGreetings } from '../../support/greeting-graph.ts';
import { redisUrl } from '../../support/services.ts';
import { type StandInRegistry, startStandInRegistry } from '../../support/stand-in-registry.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

let subgraph: TestSubgraph;
let registry: StandInRegistry;
let gateway: DeliveredGateway;

beforeAll(async () => {
  subgraph = await startTestSubgraph(greetingGraph);
  registry = await startStandInRegistry();
  await registry.publish(toGreetings(subgraph.url, ['hello']));
  gateway = await startDeliveredGateway(registry);
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([registry.close(), subgraph.close()]);
});

const publish = (fields: Parameters<typeof toGreetings>[1]) =>
  registry.publish(toGreetings(subgraph.url, fields));
const untilSequence = (sequence: number) =>
  expect.poll(async () => (await gateway.inspect()).sequence, { timeout: 10_000 }).toBe(sequence);

test('B-40 schema and registered operations change together: no request meets one without the other', async () => {
  const answers = new Set<string>();
  let over = false;
  const asking = Array.from({ length: 4 }, async () => {
    while (!over) for (const body of [hello, goodbye]) answers.add(JSON.stringify(await gateway.ask(body)));
  });
  for (const [round, fields] of ([['goodbye'], ['hello'], ['goodbye'], ['hello']] as const).entries()) {
    await publish(fields);
    await untilSequence(2 + round);
  }
  over = true;
  await Promise.all(asking);
  // An operation of one supergraph that ran on the other would be answered GRAPHQL_VALIDATION_FAILED.
  expect([...answers].sort()).toEqual([
    '"PERSISTED_QUERY_NOT_FOUND"',
    '{"goodbye":"goodbye"}',
    '{"hello":"hello"}',
  ]);
});

test('B-41 of bundles that come faster than one is built the newest is in force', async () => {
  const { sequence = 0 } = await gateway.inspect();
  for (const fields of [['goodbye'], ['hello'], ['goodbye'], ['hello', 'goodbye']] as const)
    await publish(fields);
  await untilSequence(sequence + 4);
  expect(await gateway.ask(goodbye)).toEqual({ goodbye: 'goodbye' });
});

test('an operator sees what is in force, what still runs, and how the registry is', async () => {
  const { ageSeconds, generations, source, ...rest } = await gateway.inspect();
  expect(rest).toEqual({
    version: expect.stringMatching(/^[0-9a-f]{12}$/),
    environment: 'release',
    sequence: expect.any(Number),
    warmOperations: 2,
  });
  expect(ageSeconds).toBeLessThan(60);
  expect(generations).toEqual([{ version: rest.version, inFlight: 0 }]);
  expect(source).toEqual({
    kind: 'registry',
    heardAt: expect.any(String),
    silentSeconds: expect.any(Number),
  });
  expect(await gateway.metric('minigate_bundle_sequence')).toBe(rest.sequence);
});

test('it asks by ETag, and is told that nothing has changed', async () => {
  const before = registry.asked.length;
  await expect.poll(() => registry.asked.length).toBeGreaterThan(before + 2);
  const [last] = registry.asked.slice(-1);
  expect(last).toEqual({ ifNoneMatch: expect.stringMatching(/^"release-\d+"$/), status: 304 });
});

test.skipIf(!redisUrl)('a message in Redis has it asked at once', async () => {
  const registryBeside = createAnnouncer(redisUrl ?? '', () => {});
  const woken = await startDeliveredGateway(registry, {
    bundles: { intervalMs: 600_000 },
    config: {
      redis: { url: redisUrl, keyPrefix: `test:${Math.random()}:` },
      session: { encryptionKeys: [Buffer.alloc(32).toString('base64')] },
    },
  });
  await publish(['hello']);
  const { sequence = 0 } = await gateway.inspect();
  await expect
    .poll(
      async () => {
        registryBeside.announce('release');
        return (await woken.inspect()).sequence;
      },
      { timeout: 10_000 },
    )
    .toBeGreaterThanOrEqual(sequence);
  await woken.close();
  registryBeside.close();
});
