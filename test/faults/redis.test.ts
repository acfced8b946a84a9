/** Faults of Redis under requests: budgets fall back to memory; no request fails, and none is let through unpaid. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { attackGraph } from '../support/attack-graph.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/services.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

const body = JSON.stringify({ query: '{users(first:3){id}}' });

describeWith('redis-server', 'a gateway whose budgets are in Redis', (program) => {
  let subgraphs: readonly TestSubgraph[];
  let redis: RedisServer;
  const running = new Set<TestGateway>();

  beforeAll(async () => {
    subgraphs = await Promise.all(attackGraph.map(startTestSubgraph));
    redis = await startRedisServer(program);
  });
  afterEach(async () => {
    await Promise.all([...running].map((gateway) => gateway.close()));
    running.clear();
  });
  afterAll(async () => {
    await Promise.all((subgraphs ?? []).map((subgraph) => subgraph.close()));
    await redis?.close();
  });

  async function start(capacity: number, nodes = 1): Promise<TestGateway> {
    const budgets = { nodes, address: { capacity, refillPerSecond: 0.001 } };
    const gateway = await startTestGateway({
      subgraphs,
      config: { dev: true, budgets, redis: { url: redis.url, keyPrefix: `test:${Math.random()}:` } },
    });
    running.add(gateway);
    return gateway;
  }

  async function ask(gateway: TestGateway): Promise<{ status: number; tookMs: number }> {
    const startedAt = performance.now();
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return { status: response.status, tookMs: performance.now() - startedAt };
  }

  const misses = async (gateway: TestGateway): Promise<number> => {
    const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
    return Number(/^minigate_budget_misses_total\{step="take"\} (\d+)$/m.exec(metrics)?.[1] ?? 0);
  };
  const warnings = (gateway: TestGateway): unknown[] =>
    gateway.log().flatMap(({ level, msg }) => (level === 'warn' ? [msg] : []));
  const away = 'budgets are kept in memory until Redis answers again';
  const back = 'budgets are kept in Redis again';

  test('B-28 answers every request while Redis is killed and comes back, and says so once', async () => {
    const gateway = await start(1_000_000);
    expect((await ask(gateway)).status).toBe(200);
    const asked: Promise<{ status: number }>[] = [];
    for (let round = 0; round < 20; round += 1) {
      if (round === 5) await redis.kill();
      asked.push(...Array.from({ length: 10 }, () => ask(gateway)));
      await asked.at(-1);
    }
    expect(new Set((await Promise.all(asked)).map(({ status }) => status))).toEqual(new Set([200]));
    expect(await misses(gateway)).toBeGreaterThanOrEqual(150);
    expect(warnings(gateway).filter((message) => message === away)).toHaveLength(1);
    await redis.start();
    await vi.waitFor(
      async () => {
        await ask(gateway);
        expect(gateway.log().map(({ msg }) => msg)).toContain(back);
      },
      { timeout: 10_000, interval: 100 },
    );
    expect((await redis.call('DBSIZE')) as number).toBeGreaterThan(0);
  });

  test('X-09 grants no more than its part of a budget while Redis is away', async () => {
    const gateway = await start(60, 2);
    expect((await ask(gateway)).status).toBe(200);
    await redis.kill();
    const statuses: number[] = [];
    for (let i = 0; i < 20; i += 1) statuses.push((await ask(gateway)).status);
    await redis.start();
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });

  test('B-29 waits 50 ms for a Redis that hangs, and then no more', async () => {
    const gateway = await start(1_000_000);
    await ask(gateway);
    redis.freeze();
    const first = await ask(gateway);
    const next = [await ask(gateway), await ask(gateway), await ask(gateway)];
    redis.thaw();
    expect([first, ...next].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(first.tookMs).toBeGreaterThan(45);
    expect(first.tookMs).toBeLessThan(1_000);
    expect(await misses(gateway)).toBe(4);
    expect(warnings(gateway)).toEqual([away]);
  });

  test('B-27 starts without Redis, limited by its own memory', async () => {
    await redis.kill();
    const gateway = await start(6);
    const statuses = [await ask(gateway), await ask(gateway), await ask(gateway)].map(({ status }) => status);
    await redis.start();
    expect(statuses).toEqual([200, 200, 429]);
    expect(warnings(gateway)).toContain('Redis cannot be reached; it is tried again');
  });

  test('X-08 two gateways together grant what one would, within 5 %', async () => {
    const budgets = { address: { capacity: 300, refillPerSecond: 0.001 } };
    const store = { url: redis.url, keyPrefix: `test:${Math.random()}:`, commandTimeoutMs: 5_000 };
    const config = { dev: true, budgets, redis: store };
    const gateways = await Promise.all([0, 1].map(() => startTestGateway({ subgraphs, config })));
    for (const gateway of gateways) running.add(gateway);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => ask(gateways[i % 2] as TestGateway)),
    );
    const granted = answers.filter(({ status }) => status === 200).length;
    expect(granted).toBeGreaterThanOrEqual(95);
    expect(granted).toBeLessThanOrEqual(105);
  });
});
