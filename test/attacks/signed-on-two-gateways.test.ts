/** One signed request sent to two gateways, which share a Redis as in production. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttackWorld } from '../support/attack-world.ts';
import { type GatewayNodes, logIn, startGatewayNodes, type Tokens } from '../support/gateway-nodes.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/services.ts';
import { type SigningKey, signClientRequest } from '../support/sign-client-request.ts';

const signing = {
  audience: 'https://api.example.com',
  keys: [{ id: 'k1', secret: 'a master key of two gateways, 32 characters' }],
};
const body = JSON.stringify({ query: '{ me { name } }' });

describeWith('redis-server', 'two gateways on one Redis', (program) => {
  const clock = { aheadMs: 0 };
  const now = (): number => Date.now() + clock.aheadMs;
  let redis: RedisServer;
  let gateways: GatewayNodes;
  let [here, there]: AttackWorld[] = [];

  beforeAll(async () => {
    redis = await startRedisServer(program);
    gateways = await startGatewayNodes(2, { redisUrl: redis.url, config: { signing }, now });
    [here, there] = gateways.nodes;
  });
  afterAll(async () => {
    await gateways?.close();
    await redis?.close();
  });

  /** The same bytes for every gateway; a second later than all that was remembered before. */
  function sign(by: Tokens & SigningKey) {
    clock.aheadMs += 1_000;
    const authorization = `Bearer ${by.accessToken}`;
    const request = {
      body,
      headers: { authorization },
      timestamp: Math.floor(now() / 1000),
      nonce: randomUUID(),
    };
    const headers = { authorization, 'minigate-signature': signClientRequest(request, by) };
    return async (gateway: AttackWorld | undefined): Promise<string> => {
      const answer = await gateway?.ask({ body, headers });
      return [answer?.status, answer?.json?.errors?.[0]?.extensions?.code].filter(Boolean).join(' ');
    };
  }
  const logInHere = (): Promise<Tokens & SigningKey> =>
    logIn(here as AttackWorld, 'o-signer') as Promise<Tokens & SigningKey>;

  test('S-02 a request that one gateway has answered is refused by the other', async () => {
    const send = sign(await logInHere());
    expect([await send(here), await send(there), await send(here)]).toEqual([
      '200',
      '409 REPLAYED',
      '409 REPLAYED',
    ]);
  });

  test('S-02 of a hundred that race to two gateways by HTTP one is answered', async () => {
    const send = sign(await logInHere());
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => send(at % 2 ? here : there)));
    expect(answers.sort()).toEqual(['200', ...Array.from({ length: 99 }, () => '409 REPLAYED')]);
  });

  test('B-32 a request that ran before Redis lost its data is refused by both gateways after it', async () => {
    const by = await logInHere();
    const send = sign(by);
    expect(await send(here)).toBe('200');
    await redis.call('FLUSHALL');
    // The second has never met the session, which is lost too.
    expect([await send(here), await send(there)]).toEqual(['403 SIGNATURE_INVALID', '401 UNAUTHENTICATED']);
    expect(await sign(await logInHere())(there)).toBe('200');
  });
});
