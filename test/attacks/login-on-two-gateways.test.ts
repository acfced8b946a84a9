/** A login that the network sends again to another gateway: it gets the same session, and nobody else gets it. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Answer, type AttackWorld, appId } from '../support/attack-world.ts';
import { askAs, type GatewayNodes, startGatewayNodes, type Tokens } from '../support/gateway-nodes.ts';
import { describeWith } from '../support/services.ts';

const exchangePath = '/sns/jscode2session';
const key = '0123456789abcdef0123456789abcdef';

describeWith('redis', 'two gateways on one Redis', (redisUrl) => {
  let gateways: GatewayNodes;
  let redis: Redis;
  let [here, there]: AttackWorld[] = [];
  beforeAll(async () => {
    redis = new Redis(redisUrl);
    gateways = await startGatewayNodes(2, { redisUrl });
    [here, there] = gateways.nodes;
  });
  afterAll(async () => {
    await gateways?.close();
    await redis?.quit();
  });

  const login = (at: AttackWorld | undefined, code: string, idempotencyKey?: string): Promise<Answer> =>
    (at as AttackWorld).ask({
      path: '/auth/wechat/login',
      body: { appId, code },
      headers: idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey },
    });
  // Each gateway has a WeChat of its own: to that of the other the code is one that it does not know, as a spent one is.
  const loginCode = async (openid: string): Promise<string> => `${await here?.loginCode(openid)}`;

  test('W-01 a login that the network repeats to another gateway gets the same session again', async () => {
    const code = await loginCode('o-twice');
    const first = await login(here, code, key);
    const callsBefore = there?.wechatCalls(exchangePath);
    const again = await login(there, code, key);
    expect([first.status, again.text]).toEqual([200, first.text]);
    expect(there?.wechatCalls(exchangePath)).toBe(callsBefore);
    expect(await askAs(there as AttackWorld, again.json as unknown as Tokens)).toBe('200');
  });

  test('W-01 of two gateways that get a login at once both answer by the one session', async () => {
    const code = await loginCode('o-both');
    const callsBefore = here?.wechatCalls(exchangePath) ?? 0;
    const first = login(here, code, key);
    await vi.waitUntil(() => (here?.wechatCalls(exchangePath) ?? 0) > callsBefore, { interval: 1 });
    const [one, other] = await Promise.all([first, login(there, code, key)]);
    expect([one.status, other.text]).toEqual([200, one.text]);
  });

  test.each([
    ['without the key of the login', undefined],
    ['with another key', key.replace('0', '1')],
  ])('W-01 who sends the code %s to another gateway gets no session', async (_, otherKey) => {
    const code = await loginCode('o-overheard');
    expect((await login(here, code, key)).status).toBe(200);
    expect((await login(there, code, otherKey)).status).toBe(401);
  });

  test('W-10 what Redis keeps of a login is gone after a minute, and tells nothing to who has Redis alone', async () => {
    const code = await loginCode('o-kept');
    const { accessToken, refreshToken } = (await login(here, code, key)).json as unknown as Tokens;
    const names = await redis.keys(`${gateways.keyPrefix}login:*`);
    const kept = await Promise.all(names.map(async (name) => `${name} ${await redis.get(name)}`));
    expect(kept.length).toBeGreaterThan(0);
    for (const secret of [accessToken, refreshToken, code, key, 'o-kept'])
      expect(kept.filter((text) => text.includes(secret))).toEqual([]);
    const leftMs = await Promise.all(names.map((name) => redis.pttl(name)));
    expect(Math.min(...leftMs)).toBeGreaterThan(0);
    expect(Math.max(...leftMs)).toBeLessThanOrEqual(60_000);
  });
});
