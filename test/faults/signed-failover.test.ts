/** Signed requests while a primary of the Cluster dies: what ran once is not run again, and what is new runs soon. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { AttackWorld } from '../support/attack-world.ts';
import { type GatewayNodes, logIn, startGatewayNodes, type Tokens } from '../support/gateway-nodes.ts';
import { startRedisFailover } from '../support/redis-failover.ts';
import type { RedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/services.ts';
import { type SigningKey, signClientRequest } from '../support/sign-client-request.ts';

const signing = {
  audience: 'https://api.example.com',
  keys: [{ id: 'k1', secret: 'a master key of a cluster, 32 characters' }],
};
const body = JSON.stringify({ query: '{ me { name } }' });

describeWith('redis-server', 'a Redis Cluster', (program) => {
  const clock = { aheadMs: 0 };
  const now = (): number => Date.now() + clock.aheadMs;
  let servers: readonly RedisServer[];
  let gateways: GatewayNodes;
  beforeAll(async () => {
    servers = await startRedisFailover(program);
    gateways = await startGatewayNodes(1, {
      ...{ redisUrl: servers[1]?.url ?? '', isCluster: true, commandTimeoutMs: 50 },
      ...{ config: { signing }, now },
    });
  });
  afterAll(async () => {
    await gateways?.close();
    await Promise.all(servers.map((server) => server.close()));
  });

  /** The same bytes each time it is sent. */
  function sign(by: Tokens & SigningKey): () => Promise<string> {
    const headers = { authorization: `Bearer ${by.accessToken}` };
    const request = { body, headers, timestamp: Math.floor(now() / 1000), nonce: randomUUID() };
    const signed = { ...headers, 'minigate-signature': signClientRequest(request, by) };
    return async () => {
      const answer = await (gateways.nodes[0] as AttackWorld).ask({ body, headers: signed });
      return [answer.status, answer.json?.errors?.[0]?.extensions?.code].filter(Boolean).join(' ');
    };
  }
  const sendAll = (sent: readonly (() => Promise<string>)[]) => Promise.all(sent.map((send) => send()));

  test('B-34 a nonce on a primary that dies is unknown until the replica takes over, and never new', async () => {
    const by = (await vi.waitFor(() => logIn(gateways.nodes[0] as AttackWorld, 'o-signer'), {
      ...{ timeout: 5_000, interval: 50 },
    })) as Tokens & SigningKey;
    clock.aheadMs += 2_000;
    // So many that each primary has some.
    const requests = Array.from({ length: 30 }, () => sign(by));
    expect(new Set(await sendAll(requests))).toEqual(new Set(['200']));
    expect(await servers[0]?.call('WAIT', 1, 2_000)).toBe(1);

    await servers[0]?.kill();

    const answers = new Set(await sendAll(requests));
    expect(answers).toContain('503 SESSION_UNAVAILABLE');
    await vi.waitFor(
      async () => {
        const again = new Set(await sendAll(requests));
        for (const answer of again) answers.add(answer);
        expect(again).toEqual(new Set(['409 REPLAYED']));
        expect(await sign(by)()).toBe('200');
      },
      { timeout: 10_000, interval: 100 },
    );
    expect([...answers].sort()).toEqual(['409 REPLAYED', '503 SESSION_UNAVAILABLE']);
  });
});
