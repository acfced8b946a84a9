import { expect, test } from 'vitest';
import { type DeliveredGateway, startDeliveredGateway } from '../../support/delivered-gateway.ts';
import { greetingGraph, hello, toGreetings } from '../../support/greeting-graph.ts';
import { startStandInRegistry } from '../../support/stand-in-registry.ts';
import { startTestSubgraph } from '../../support/test-subgraph.ts';

const replicas = 10;

test('ten gateways that ask every 2 s serve what is published, and what is gone back to, within 5 s; no request fails', async () => {
  const subgraph = await startTestSubgraph(greetingGraph);
  const registry = await startStandInRegistry();
  const versions = [toGreetings(subgraph.url, ['hello', 'goodbye']), toGreetings(subgraph.url, ['hello'])];
  await registry.publish(toGreetings(subgraph.url, ['hello']));
  const gateways = await Promise.all(
    Array.from({ length: replicas }, () =>
      startDeliveredGateway(registry, { bundles: { intervalMs: 2_000, timeoutMs: 15_000 } }),
    ),
  );

  const answers = new Set<string>();
  let over = false;
  const asking = gateways.map(async (gateway) => {
    while (!over) {
      answers.add(JSON.stringify(await gateway.ask(hello)));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const tookMs: number[] = [];
  const untilLive = async (gateway: DeliveredGateway, sequence: number, sinceMs: number): Promise<void> => {
    await expect
      .poll(async () => (await gateway.inspect()).sequence, { interval: 20, timeout: 15_000 })
      .toBe(sequence);
    tookMs.push(performance.now() - sinceMs);
  };
  for (const [round, version] of [...versions, ...versions].entries()) {
    await registry.publish(version);
    const publishedAtMs = performance.now();
    await Promise.all(gateways.map((gateway) => untilLive(gateway, round + 2, publishedAtMs)));
  }
  over = true;
  await Promise.all(asking);

  expect([...answers]).toEqual(['{"hello":"hello"}']);
  expect(tookMs.sort((a, b) => a - b)[Math.floor(tookMs.length * 0.95)]).toBeLessThan(5_000);
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await Promise.all([registry.close(), subgraph.close()]);
}, 90_000);
