import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Bucket, Budget, BudgetLimit } from '../../../gateway/demand/budget.ts';
import { createRedisBudget } from '../../../gateway/demand/redis-budget.ts';
import { connectRedis, type RedisConnection } from '../../../gateway/store/redis.ts';
import { type RedisServer, startRedisCluster } from '../../support/redis-server.ts';
import { describeWith } from '../../support/services.ts';

/** So slow that no test sees it refill. */
const limit: BudgetLimit = { capacity: 100, refillPerSecond: 0.001 };
const bucketOf = (id: string, own: BudgetLimit = limit): Bucket => ({
  of: 'cost',
  payer: 'principal',
  id,
  limit: own,
});
const keyPrefix = `test:${randomBytes(6).toString('hex')}:`;

interface Gateway {
  readonly redis: RedisConnection;
  readonly budget: Budget;
  readonly lost: unknown[];
}

async function connect(url: string, isCluster = false): Promise<Gateway> {
  const lost: unknown[] = [];
  const onLost = (error: unknown): void => void lost.push(error);
  const redis = await connectRedis({ url, isCluster, keyPrefix, commandTimeoutMs: 2_000, onLost });
  return { redis, budget: createRedisBudget(redis, onLost), lost };
}

async function pay(
  budget: Budget,
  buckets: readonly Bucket[],
  cost: number,
): Promise<(given: number) => void> {
  const answer = await budget.take(buckets, cost);
  if (!answer.granted) throw new Error('the budget refused');
  return answer.giveBack;
}

/** What a bucket holds, below zero its debt. */
async function left(budget: Budget, bucket: Bucket): Promise<number> {
  const answer = await budget.take([bucket], 0);
  const tokens = answer.granted ? answer.remaining : -answer.waitSeconds * bucket.limit.refillPerSecond;
  return Math.round(tokens * 10) / 10;
}

async function countGranted(
  budgets: readonly Budget[],
  buckets: readonly Bucket[],
  cost: number,
  times: number,
) {
  const answers = await Promise.all(
    Array.from({ length: times }, (_, i) => budgets[i % budgets.length]?.take(buckets, cost)),
  );
  return answers.filter((answer) => answer?.granted).length;
}

describeWith('redis', 'budgets in Redis', (url) => {
  let client: Redis;
  let gateways: readonly Gateway[];
  let budget: Budget;

  beforeAll(async () => {
    client = new Redis(url);
    gateways = await Promise.all([connect(url), connect(url)]);
    budget = gateways[0]?.budget as Budget;
  });

  afterAll(async () => {
    await Promise.all(gateways.map(({ redis }) => redis.close()));
    const keys = await client.keys(`${keyPrefix}*`);
    if (keys.length > 0) await client.del(keys);
    await client.quit();
  });

  test('grant until nothing is left, and then say how long to wait', async () => {
    const alice = bucketOf('alice', { capacity: 100, refillPerSecond: 0.5 });
    expect(await budget.take([alice], 95)).toMatchObject({ granted: true, remaining: 5 });
    const refused = await budget.take([alice], 50);
    expect(refused).toEqual({ granted: false, bucket: alice, waitSeconds: expect.closeTo(90, 0) });
  });

  test("refill by Redis's clock and are forgotten when they are full", async () => {
    const quick = bucketOf('quick', { capacity: 100, refillPerSecond: 1_000 });
    const key = gateways[0]?.redis.toKey('budget:cost:principal', 'quick') ?? '';
    await pay(budget, [quick], 100);
    expect(await client.pttl(key)).toBeLessThanOrEqual(100);
    await vi.waitFor(async () => expect(await client.exists(key)).toBe(0));
    expect(await left(budget, quick)).toBe(100);
  });

  test('are charged all together or not at all', async () => {
    const [rich, poor] = [bucketOf('rich'), bucketOf('poor')];
    await pay(budget, [poor], 80);
    expect(await budget.take([rich, poor], 30)).toMatchObject({ granted: false, bucket: poor });
    expect([await left(budget, rich), await left(budget, poor)]).toEqual([100, 20]);
    await pay(budget, [rich, poor], 20);
    expect([await left(budget, rich), await left(budget, poor)]).toEqual([80, 0]);
  });

  test.each([
    ['exactly what was not used', 80, 73, 93],
    ['no more than makes them full', 80, 5_000, 100],
    ['less than nothing, for what cost more than estimated', 10, -50, 40],
    ['no debt above one bucket', 10, -5_000, -100],
  ])('are given back %s', async (title, cost, given, remaining) => {
    const buckets = [bucketOf(`${title} a`), bucketOf(`${title} b`)] as const;
    (await pay(budget, buckets, cost))(given);
    expect(await Promise.all(buckets.map((bucket) => left(budget, bucket)))).toEqual([remaining, remaining]);
  });

  test('pay a cost above their capacity when they are full, and are then in debt', async () => {
    const small = bucketOf('small');
    await pay(budget, [small], 250);
    expect([await left(budget, small), await countGranted([budget], [small], 250, 1)]).toEqual([-150, 0]);
  });

  test('never grant more than they hold, however many ask at once', async () => {
    expect(await countGranted([budget], [bucketOf('crowd'), bucketOf('crowd app')], 7, 100)).toBe(14);
  });

  test('X-08 two gateways together grant what one would', async () => {
    const shared = bucketOf('shared', { capacity: 10_000, refillPerSecond: 0.001 });
    const granted = await countGranted(
      gateways.map((gateway) => gateway.budget),
      [shared],
      50,
      400,
    );
    expect(granted).toBe(200);
  });

  test('survive that Redis forgets its scripts', async () => {
    const bucket = bucketOf('scripts');
    await pay(budget, [bucket], 10);
    await client.script('FLUSH');
    await pay(budget, [bucket], 10);
    expect(await left(budget, bucket)).toBe(80);
  });

  test.each<[string, (key: string) => Promise<unknown>]>([
    ['text', (key) => client.set(key, 'garbage')],
    ['a list', (key) => client.rpush(key, 'x')],
    ['words', (key) => client.hset(key, { tokens: 'many', atMs: 'now' })],
    ['no numbers', (key) => client.hset(key, { tokens: 'nan', atMs: 'nan' })],
    ['endless debt', (key) => client.hset(key, { tokens: '-inf', atMs: '0' })],
    ['a half of it', (key) => client.hset(key, { tokens: '-50' })],
  ])('B-33 that are %s by now count as full, and are charged from then on', async (what, damage) => {
    await damage(gateways[0]?.redis.toKey('budget:cost:principal', what) ?? '');
    await pay(budget, [bucketOf(what)], 30);
    expect(await left(budget, bucketOf(what))).toBe(70);
    expect(await budget.take([bucketOf(what)], 80)).toMatchObject({ granted: false });
  });

  test('B-53 that are ahead of Redis’s clock, because it was set back, refill from now on', async () => {
    const slow = bucketOf('set back', { capacity: 100, refillPerSecond: 0.5 });
    await pay(budget, [slow], 100);
    const key = gateways[0]?.redis.toKey('budget:cost:principal', 'set back') ?? '';
    const [seconds] = await client.time();
    await client.hset(key, 'atMs', Number(seconds) * 1_000 + 3_600_000);
    expect(await budget.take([slow], 50)).toMatchObject({
      granted: false,
      waitSeconds: expect.closeTo(100, 0),
    });
    expect(Number(await client.hget(key, 'atMs'))).toBeLessThan(Number(seconds) * 1_000 + 5_000);
  });

  test('X-10 are kept under keys of one length that no two payers share', async () => {
    const ids = ['a:b', 'a', 'a}', '{a', 'a\nb', '*', 'a b', '', 'x'.repeat(10_000)];
    const payers = ids.flatMap((id) => [bucketOf(id), { ...bucketOf(id), payer: 'app' as const }]);
    for (const [index, payer] of payers.entries()) await pay(budget, [payer], index + 1);
    expect(await Promise.all(payers.map((payer) => left(budget, payer)))).toEqual(
      payers.map((_, index) => 99 - index),
    );
    const keys = payers.map(({ payer, id }) => gateways[0]?.redis.toKey(`budget:cost:${payer}`, id) ?? '');
    expect(
      new Set(keys.map((key) => key.replace(/^test:\w+:budget:cost:(principal|app):\{[\w-]{43}\}$/, ''))),
    ).toEqual(new Set(['']));
    expect(await client.exists(keys)).toBe(payers.length);
  });
});

describeWith('redis-server', 'budgets in a Redis Cluster', (program) => {
  let nodes: readonly RedisServer[];
  let gateways: readonly Gateway[];

  beforeAll(async () => {
    nodes = await startRedisCluster(program);
    const url = nodes[0]?.url ?? '';
    gateways = await Promise.all([connect(url, true), connect(url, true)]);
  });

  afterAll(async () => {
    await Promise.all((gateways ?? []).map(({ redis }) => redis.close()));
    await Promise.all((nodes ?? []).map((node) => node.close()));
  });

  const budgets = (): Budget[] => gateways.map(({ budget }) => budget);
  const each = <T>(value: (index: number) => T): T[] => Array.from({ length: 12 }, (_, i) => value(i));

  test('lie on all nodes, and are charged together, or not at all, and given back', async () => {
    const [budget] = budgets() as [Budget];
    const buckets = each((i) => bucketOf(`payer ${i}`));
    (await pay(budget, buckets, 30))(20);
    expect(await Promise.all(buckets.map((bucket) => left(budget, bucket)))).toEqual(each(() => 90));
    const sizes = await Promise.all(nodes.map((node) => node.call('DBSIZE')));
    expect(sizes.every((size) => Number(size) > 0)).toBe(true);

    await pay(budget, [bucketOf('payer 7')], 80);
    expect(await budget.take(buckets, 20)).toMatchObject({ granted: false, bucket: { id: 'payer 7' } });
    expect(await Promise.all(buckets.map((bucket) => left(budget, bucket)))).toEqual(
      each((i) => (i === 7 ? 10 : 90)),
    );
  });

  test('X-08 two gateways together grant what one would, within 5 %, and never more', async () => {
    const large = { capacity: 10_000, refillPerSecond: 0.001 };
    const granted = await countGranted(
      budgets(),
      [bucketOf('crowd', large), bucketOf('its app', large)],
      50,
      400,
    );
    expect(granted).toBeGreaterThanOrEqual(190);
    expect(granted).toBeLessThanOrEqual(200);
  });

  test('fail within the time that a command may take while a node is lost, and come back with it', async () => {
    const [budget] = budgets() as [Budget];
    const buckets = each((i) => bucketOf(`of lost ${i}`));
    await nodes[2]?.kill();
    const startedAt = performance.now();
    await expect(budget.take(buckets, 1)).rejects.toThrowError();
    expect(performance.now() - startedAt).toBeLessThan(2_500);
    await nodes[2]?.start();
    await vi.waitFor(() => pay(budget, buckets, 1), { timeout: 15_000, interval: 100 });
  });
});
