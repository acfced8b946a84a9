import { expect, test } from 'vitest';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import { type ClientUsage, createUsageCounter } from '../../../gateway/usage/count-usage.ts';
import { startDeliveredGateway } from '../../support/delivered-gateway.ts';
import { greetingGraph, hello, toGreetings } from '../../support/greeting-graph.ts';
import { startStandInRegistry } from '../../support/stand-in-registry.ts';
import { startTestSubgraph } from '../../support/test-subgraph.ts';

const documentId = documentIdOf(hello);
const shop = { name: 'shop', version: '1.4.0' };

function createCounter(maxEntries = 10) {
  const dropped: number[] = [];
  const counter = createUsageCounter({ maxEntries, onDropped: (count) => dropped.push(count), now: () => 0 });
  return { counter, dropped };
}
const used = (client: string, version: string, count: number, id = documentId): ClientUsage => ({
  client,
  version,
  operations: [{ documentId: id, count, lastSeenAt: '1970-01-01T00:00:00.000Z' }],
});

test('uses are added up by client, version and document, and taken once', () => {
  const { counter } = createCounter();
  for (const client of [shop, shop, { name: undefined, version: undefined }])
    counter.count(client, documentId);
  expect(counter.take(10)).toEqual([used('shop', '1.4.0', 2), used('none', 'none', 1)]);
  expect(counter.take(10)).toEqual([]);
});

test('what could not be handed in is added to what came since', () => {
  const { counter } = createCounter();
  counter.count(shop, documentId);
  const taken = counter.take(10);
  counter.count(shop, documentId);
  counter.giveBack(taken);
  expect(counter.take(10)).toEqual([used('shop', '1.4.0', 2)]);
});

test('as many combinations as are asked for are taken, the rest later', () => {
  const { counter } = createCounter();
  for (const version of ['1', '2', '3']) counter.count({ name: 'shop', version }, documentId);
  expect(counter.take(2)).toEqual([used('shop', '1', 1), used('shop', '2', 1)]);
  expect(counter.take(2)).toEqual([used('shop', '3', 1)]);
});

test('clients that make up versions fill no more than there is room, and what is known is counted on', () => {
  const { counter, dropped } = createCounter(2);
  for (const version of ['1', '2', '3', '1']) counter.count({ name: 'shop', version }, documentId);
  expect(counter.take(10)).toEqual([used('shop', '1', 2), used('shop', '2', 1)]);
  expect(dropped).toEqual([1]);
});

test('what clients use is reported; kept while the registry takes nothing; handed in at the end', async () => {
  const subgraph = await startTestSubgraph(greetingGraph);
  const registry = await startStandInRegistry();
  await registry.publish(toGreetings(subgraph.url, ['hello']));
  const gateway = await startDeliveredGateway(registry, { bundles: { usageIntervalMs: 50 } });
  const refusals = () =>
    gateway.log().filter(({ msg }) => msg === 'the registry does not take what was used');

  registry.misbehave((_, response) => response.writeHead(503).end());
  for (let use = 0; use < 3; use += 1) expect(await gateway.ask(hello, shop)).toEqual({ hello: 'hello' });
  await expect.poll(() => refusals().length).toBe(1);
  registry.misbehave(undefined);
  await expect.poll(() => registry.usage.length, { timeout: 5_000 }).toBe(1);
  await gateway.ask(hello);
  await gateway.close();

  const reported = registry.usage.flat().map((usage) => {
    const { client, version, operations } = usage as ClientUsage;
    return { client, version, uses: operations.map(({ documentId: id, count }) => [id, count]) };
  });
  expect(reported).toEqual([
    { client: 'shop', version: '1.4.0', uses: [[documentId, 3]] },
    { client: 'none', version: 'none', uses: [[documentId, 1]] },
  ]);
  await Promise.all([registry.close(), subgraph.close()]);
});
