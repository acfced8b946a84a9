import { expect, test } from 'vitest';
import { startDeliveredGateway } from '../support/delivered-gateway.ts';
import { goodbye, greetingGraph, hello, toOperation } from '../support/greeting-graph.ts';
import { startTestSubgraph } from '../support/test-subgraph.ts';
import { startRegistryWorld } from './registry-world.ts';

const environment = '/v1/environments/dev';
const shop = (version: string) => ({ name: 'shop', version });

test('what teams publish, register and roll back is live within seconds; what clients use is known', async () => {
  const subgraph = await startTestSubgraph(greetingGraph);
  const world = await startRegistryWorld({ maxVanishingPercent: 100 });
  const owner = await world.token('owner', ['greeting']);
  const client = await world.token('client', ['shop']);
  const publish = async (sdl: string): Promise<number> =>
    (await world.publish(owner, 'greeting', sdl, { routingUrl: subgraph.url })).status;
  const register = async (version: string, bodies: readonly string[]): Promise<number> => {
    const manifest = {
      ...{ format: 'apollo-persisted-query-manifest', version: 1 },
      operations: bodies.map(toOperation),
    };
    const body = { client: 'shop', version, manifest };
    return (await world.call(client, 'POST', `${environment}/operations`, body)).status;
  };
  expect(await publish('type Query { hello: String }')).toBe(200);
  expect(await register('1.0.0', [hello])).toBe(200);
  const gateway = await startDeliveredGateway(
    { url: world.url, trust: { token: await world.token('gateway', []), publicKeys: [world.publicKey] } },
    { bundles: { intervalMs: 2_000, usageIntervalMs: 50 }, config: { environment: 'dev' } },
  );
  expect(await gateway.ask(hello, shop('1.0.0'))).toEqual({ hello: 'hello' });

  expect(await publish('type Query { hello: String goodbye: String }')).toBe(200);
  expect(await register('1.1.0', [hello, goodbye])).toBe(200);
  const live = expect.poll(() => gateway.ask(goodbye, shop('1.1.0')), { timeout: 5_000 });
  await live.toEqual({ goodbye: 'goodbye' });
  expect(await gateway.ask(goodbye, shop('1.0.0'))).toBe('OPERATION_NOT_SAFELISTED');

  const users = async () =>
    (await world.call(owner, 'GET', `${environment}/usage?coordinate=Query.goodbye`)).body.data.users;
  await expect
    .poll(users, { timeout: 5_000 })
    .toMatchObject([
      { client: 'shop', version: '1.1.0', operation: 'Goodbye', requests: expect.any(Number) },
    ]);

  const before = await gateway.inspect();
  expect((await world.call(owner, 'POST', `${environment}/supergraph/rollback`, {})).status).toBe(200);
  const rolledBack = expect.poll(async () => (await gateway.inspect()).sequence, { timeout: 10_000 });
  await rolledBack.toBe((before.sequence ?? 0) + 1);
  await gateway.close();
  await Promise.all([world.close(), subgraph.close()]);
}, 90_000);
