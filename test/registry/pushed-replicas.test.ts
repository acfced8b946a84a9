import { expect, test } from 'vitest';
import { type DeliveredGateway, startDeliveredGateway } from '../support/delivered-gateway.ts';
import { greetingGraph, hello, toOperation } from '../support/greeting-graph.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { describeWith } from '../support/services.ts';
import { startTestSubgraph } from '../support/test-subgraph.ts';
import { startRegistryWorld } from './registry-world.ts';

const replicas = 10;
/** Neither the registries nor the gateways look by themselves in this test. */
const never = 600_000;

describeWith('postgres', 'gateways at two registries on one Postgres', (serverUrl) => {
  test('ten serve what is published within 5 s by the word of Postgres alone, and what is gone back to; no request fails', async () => {
    const [postgres, subgraph] = [
      await createPostgresDatabase(serverUrl),
      await startTestSubgraph(greetingGraph),
    ];
    const start = () => startRegistryWorld({}, { url: postgres.url }, { versionLookMs: never });
    const [here, there] = [await start(), await start()];
    const owner = await here.token('owner', ['greeting']);
    const publish = async (sdl: string): Promise<number> =>
      (await here.publish(owner, 'greeting', sdl, { routingUrl: subgraph.url })).status;
    expect(await publish('type Query { hello: String }')).toBe(200);
    const manifest = {
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [toOperation(hello)],
    };
    const path = '/v1/environments/dev/operations';
    const client = await here.token('client', ['shop']);
    expect(
      (await here.call(client, 'POST', path, { client: 'shop', version: '1.0.0', manifest })).status,
    ).toBe(200);
    const token = await here.token('gateway', []);
    const gateways = await Promise.all(
      Array.from({ length: replicas }, (_, at) => {
        // Half of them ask the one that is not published at.
        const { url } = at % 2 === 0 ? here : there;
        return startDeliveredGateway(
          { url, trust: { token, publicKeys: [here.publicKey] } },
          { bundles: { intervalMs: never, waitMs: 30_000 }, config: { environment: 'dev' } },
        );
      }),
    );

    const answers = new Set<string>();
    let over = false;
    const asking = gateways.map(async (gateway) => {
      while (!over) {
        answers.add(JSON.stringify(await gateway.ask(hello, { name: 'shop', version: '1.0.0' })));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    const untilLive = async (gateway: DeliveredGateway, sequence: number): Promise<number> => {
      const sinceMs = performance.now();
      await expect
        .poll(async () => (await gateway.inspect()).sequence, { interval: 20, timeout: 15_000 })
        .toBe(sequence);
      return performance.now() - sinceMs;
    };
    const allLive = (sequence: number) => Promise.all(gateways.map((each) => untilLive(each, sequence)));
    expect(await publish('type Query { hello: String goodbye: String }')).toBe(200);
    const published = await allLive(3);
    expect((await here.call(owner, 'POST', '/v1/environments/dev/supergraph/rollback', {})).status).toBe(200);
    const rolledBack = await allLive(4);
    over = true;
    await Promise.all(asking);

    expect([...answers]).toEqual(['{"hello":"hello"}']);
    expect(published.sort((a, b) => a - b)[Math.floor(replicas * 0.95)]).toBeLessThan(5_000);
    expect(Math.max(...rolledBack)).toBeLessThan(10_000);
    await Promise.all(gateways.map((gateway) => gateway.close()));
    await Promise.all([here.close(), there.close(), subgraph.close()]);
    await postgres.drop();
  }, 90_000);
});
