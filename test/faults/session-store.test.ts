/** Faults of the Redis that keeps the sessions: nobody is let in unchecked, nobody waits, and all is well again soon after. */
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import {
  askAdmin,
  askAs,
  type GatewayNodes,
  type GatewayNodesOptions,
  logIn,
  logOut,
  refresh,
  startGatewayNodes,
  type Tokens,
} from '../support/gateway-nodes.ts';
import { silent } from '../support/misbehaviours.ts';
import { startRedisFailover } from '../support/redis-failover.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/services.ts';

const unavailable = '503 SESSION_UNAVAILABLE';
const mutation = { body: { query: 'mutation { touch }' } };

const readiness = async (node: AttackWorld): Promise<number> =>
  (await askAdmin(node, 'GET', '/health/ready')).status;

const within = (timeout: number) => ({ timeout, interval: 50 });

async function medianMs(times: number, work: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const startedAt = performance.now();
    await work();
    taken.push(performance.now() - startedAt);
  }
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

const metricOf = async (node: AttackWorld, line: string): Promise<number> => {
  const text = await (await fetch(new URL('/metrics', node.gateway.adminUrl))).text();
  return Number(
    text
      .split('\n')
      .find((each) => each.startsWith(`${line} `))
      ?.split(' ')
      .at(-1) ?? 0,
  );
};

describeWith('redis-server', 'a Redis of its own', (program) => {
  const running: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const part of running.splice(0).reverse()) await part.close();
  });

  async function startRedis(...options: string[]): Promise<RedisServer> {
    const redis = await startRedisServer(program, options);
    running.push(redis);
    return redis;
  }

  /** One gateway that asks Redis about the session of every request, unless a test says otherwise. */
  async function startNode(
    redis: RedisServer,
    session: GatewayNodesOptions['session'] = {},
    count = 1,
  ): Promise<{ node: AttackWorld; nodes: GatewayNodes }> {
    const nodes = await startGatewayNodes(count, {
      redisUrl: redis.url,
      commandTimeoutMs: 50,
      session: { recheckMs: 0, ...session },
    });
    running.push(nodes);
    return { node: nodes.nodes[0] as AttackWorld, nodes };
  }

  test('B-27 without Redis at the start the gateway is not ready, serves guests, and is ready once Redis is', async () => {
    const redis = await startRedis();
    await redis.kill();
    const { node } = await startNode(redis);

    expect(await readiness(node)).toBe(503);
    expect((await node.askCanary()).status).toBe(200);
    await expect(logIn(node, 'o-early')).rejects.toThrow('SESSION_UNAVAILABLE');

    await redis.start();
    await vi.waitFor(async () => expect(await readiness(node)).toBe(200), within(5_000));
    expect(await askAs(node, await logIn(node, 'o-early'))).toBe('200');
  });

  test('B-28 when Redis is killed under load, known sessions query on, nothing is changed, nobody is let in', async () => {
    const redis = await startRedis();
    const { node, nodes } = await startNode(redis, {}, 2);
    const [, other] = nodes.nodes as [AttackWorld, AttackWorld];
    const known = await logIn(node, 'o-known');
    const unknown = await logIn(other, 'o-unknown');
    const idleMs = await medianMs(20, () => askAs(node, known));
    const load = { isOn: true, answers: [] as string[] };
    const loads = Array.from({ length: 8 }, async () => {
      while (load.isOn) load.answers.push(await askAs(node, known));
    });

    await vi.waitUntil(() => load.answers.length > 20);
    await redis.kill();
    const answersBefore = load.answers.length;
    await vi.waitUntil(() => load.answers.length > answersBefore + 100, { timeout: 10_000 });
    load.isOn = false;
    await Promise.all(loads);

    expect(new Set(load.answers)).toEqual(new Set(['200']));
    const outageMs = await medianMs(20, () => askAs(node, known));
    expect(outageMs - idleMs).toBeLessThan(50);
    expect(await askAs(node, known, mutation)).toBe(unavailable);
    expect(node.subgraph('users').received.filter(({ body }) => body.includes('touch'))).toEqual([]);
    expect(await askAs(node, unknown)).toBe(unavailable);
    expect(await logOut(node, known)).toBe(unavailable);
    expect((await refresh(node, known.refreshToken)).status).toBe(503);
    expect((await node.askCanary()).status).toBe(200);
    expect(await readiness(node)).toBe(200);
    expect(await metricOf(node, 'minigate_session_events_total{event="unconfirmed"}')).toBeGreaterThan(100);
  });

  test('B-28 the grace ends: then a query too is refused, with Retry-After', async () => {
    const redis = await startRedis();
    const { node } = await startNode(redis, { unconfirmedSeconds: 1 });
    const tokens = await logIn(node, 'o-known');
    expect(await askAs(node, tokens)).toBe('200');
    await redis.kill();

    expect(await askAs(node, tokens)).toBe('200');
    await vi.waitFor(async () => expect(await askAs(node, tokens)).toBe(unavailable), within(3_000));
    const { headers } = await node.ask({
      body: { query: '{ me { name } }' },
      headers: { authorization: `Bearer ${tokens.accessToken}` },
    });
    expect(headers['retry-after']).toBe('1');
  });

  test('B-28 a session that ended before Redis was lost gets no grace here', async () => {
    const redis = await startRedis();
    const { node } = await startNode(redis, { recheckMs: 2_000 });
    const tokens = await logIn(node, 'o-gone');
    expect([await askAs(node, tokens), await logOut(node, tokens)]).toEqual(['200', '204']);
    await redis.kill();
    expect(await askAs(node, tokens)).toBe(unavailable);
  });

  test('B-29 a Redis that does not answer is given up after 50 ms, then not waited for at all', async () => {
    const redis = await startRedis();
    const { node } = await startNode(redis);
    const tokens = await logIn(node, 'o-patient');
    const idleMs = await medianMs(20, () => askAs(node, tokens));

    redis.freeze();
    try {
      const answers = await Promise.all(Array.from({ length: 50 }, () => askAs(node, tokens)));
      expect(new Set(answers)).toEqual(new Set(['200']));
      const frozenMs = await medianMs(40, () => askAs(node, tokens));
      expect(frozenMs - idleMs).toBeLessThan(50);
      expect(await askAs(node, tokens, mutation)).toBe(unavailable);
    } finally {
      redis.thaw();
    }

    await vi.waitFor(async () => expect(await askAs(node, tokens, mutation)).toBe('200'), within(5_000));
  });

  test('B-31 a Redis that is full takes no new session, and the others go on', async () => {
    const redis = await startRedis('--maxmemory', '8mb', '--maxmemory-policy', 'noeviction');
    const { node } = await startNode(redis);
    const tokens = await logIn(node, 'o-inside');
    await redis.call('SETRANGE', 'ballast', 6_000_000, 'x').catch(() => {});
    await expect
      .poll(() => redis.call('APPEND', 'more', 'x'.repeat(200_000)).catch((error: Error) => error.message), {
        interval: 1,
      })
      .toContain('OOM');

    await expect(logIn(node, 'o-outside')).rejects.toThrow('SESSION_UNAVAILABLE');
    expect((await refresh(node, tokens.refreshToken)).status).toBe(503);
    expect(await askAs(node, tokens)).toBe('200');
    expect(await askAs(node, tokens, mutation)).toBe('200');
    expect(await metricOf(node, 'minigate_session_events_total{event="unavailable"}')).toBeGreaterThan(0);

    await redis.call('DEL', 'ballast', 'more');
    expect(await askAs(node, await logIn(node, 'o-outside'))).toBe('200');
    expect((await refresh(node, tokens.refreshToken)).status).toBe(200);
  });

  test('B-31 a Redis that may evict sessions is told of in the log', async () => {
    const redis = await startRedis('--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru');
    const { node } = await startNode(redis);
    await vi.waitFor(() =>
      expect(node.gateway.log()).toContainEqual(
        expect.objectContaining({ level: 'error', policy: 'allkeys-lru' }),
      ),
    );
  });

  test('B-32 when Redis has lost its data, people log in anew and bans are put back', async () => {
    const redis = await startRedis();
    const { node, nodes } = await startNode(redis);
    const tokens = await logIn(node, 'o-lost');
    await askAdmin(node, 'POST', '/admin/bans', { userId: 'o-banned', reason: 'fraud' });
    await redis.kill();
    await redis.start();

    await vi.waitFor(
      async () => expect(await askAs(node, tokens)).toBe('401 UNAUTHENTICATED'),
      within(5_000),
    );
    expect((await refresh(node, tokens.refreshToken)).status).toBe(401);
    expect(await askAs(node, await logIn(node, 'o-lost'))).toBe('200');
    await expect(logIn(node, 'o-banned')).rejects.toThrow('BANNED');
    await vi.waitFor(async () => {
      const [key] = (await redis.call('KEYS', `${nodes.keyPrefix}bans:*`)) as string[];
      expect(await redis.call('HGET', key ?? '', 'u:o-banned')).toContain('fraud');
    }, within(5_000));
  });

  test('B-33 a list of bans that makes no sense is written anew, and stays in force', async () => {
    const redis = await startRedis();
    const { node, nodes } = await startNode(redis);
    await askAdmin(node, 'POST', '/admin/bans', { userId: 'o-banned', reason: 'fraud' });
    const [key = ''] = (await redis.call('KEYS', `${nodes.keyPrefix}bans:*`)) as string[];
    await redis.call('SET', key, 'garbage');

    await vi.waitFor(async () => expect(await redis.call('TYPE', key)).toBe('hash'), within(5_000));
    expect(await redis.call('HGET', key, 'u:o-banned')).toContain('fraud');
    await expect(logIn(node, 'o-banned')).rejects.toThrow('BANNED');
    await redis.call('HSET', key, 'u:o-other', 'garbage', 'version', 99);
    await askAdmin(node, 'POST', '/admin/bans', { userId: 'o-third', reason: 'spam' });
    expect((await askAdmin(node, 'GET', '/admin/bans')).json).toMatchObject({
      bans: expect.arrayContaining([
        { userId: 'o-banned', reason: 'fraud' },
        { userId: 'o-third', reason: 'spam' },
      ]),
    });
  });

  test('B-34 a Redis that has become a replica reads on and takes no write, until it is the primary again', async () => {
    const redis = await startRedis();
    const { node } = await startNode(redis);
    const tokens = await logIn(node, 'o-reader');
    await redis.call('REPLICAOF', '127.0.0.1', 1);

    await expect(logIn(node, 'o-writer')).rejects.toThrow('SESSION_UNAVAILABLE');
    expect(await askAs(node, tokens)).toBe('200');
    await vi.waitFor(async () => expect(await askAs(node, tokens, mutation)).toBe('200'), within(5_000));

    await redis.call('REPLICAOF', 'NO', 'ONE');
    await vi.waitFor(
      async () => expect(await askAs(node, await logIn(node, 'o-writer'))).toBe('200'),
      within(5_000),
    );
  });
});

describeWith('redis-server', 'a Redis Cluster', (program) => {
  let servers: readonly RedisServer[] = [];
  let world: GatewayNodes;
  beforeAll(async () => {
    servers = await startRedisFailover(program);
    world = await startGatewayNodes(2, {
      redisUrl: servers[1]?.url ?? '',
      commandTimeoutMs: 50,
      isCluster: true,
      session: { recheckMs: 0 },
    });
  });
  afterAll(async () => {
    await world?.close();
    await Promise.all(servers.map((server) => server.close()));
  });

  test('B-34 when one of three primaries dies its replica takes over: never open, no wait, whole within 5 s', async () => {
    const [here, there] = world.nodes as [AttackWorld, AttackWorld];
    const openids = Array.from({ length: 12 }, (_, i) => `o-person-${i}`);
    const people: Tokens[] = [];
    // The first command to each node waits for its connection.
    for (const openid of openids) people.push(await vi.waitFor(() => logIn(here, openid), within(5_000)));
    await vi.waitFor(async () => expect(await askAs(there, people[0] as Tokens)).toBe('200'), within(5_000));
    const askAll = (send?: object) => Promise.all(people.map((tokens) => askAs(there, tokens, send)));
    expect(await askAll(mutation)).toEqual(people.map(() => '200'));
    await logOut(here, people[0] as Tokens);
    expect(await askAs(there, people[0] as Tokens)).toBe('401 UNAUTHENTICATED');
    people.shift();
    const idleMs = await medianMs(5, () => askAll());

    const killedAt = performance.now();
    await servers[0]?.kill();

    const answers = new Set(await askAll(mutation));
    expect(answers).toContain(unavailable);
    expect([...answers].filter((each) => each !== '200' && each !== unavailable)).toEqual([]);
    expect((await medianMs(5, () => askAll())) - idleMs).toBeLessThan(50);
    const refreshAll = async (): Promise<number[]> =>
      (await Promise.all(people.map(({ refreshToken }) => refresh(here, refreshToken)))).map(
        ({ status }) => status,
      );
    await vi.waitFor(async () => {
      expect(await askAll(mutation)).toEqual(people.map(() => '200'));
      expect(await refreshAll()).toEqual(people.map(() => 200));
    }, within(10_000));
    expect(performance.now() - killedAt).toBeLessThan(5_000);
  });
});

describe('clocks', () => {
  const clock = { aheadMs: 0 };
  let world: AttackWorld;
  beforeAll(async () => {
    world = await startAttackWorld({ dev: true, now: () => Date.now() + clock.aheadMs });
  });
  afterAll(() => world.close());

  test.each([
    ['20 s ahead', '200', 20_000],
    ['20 s back', '200', -20_000],
    ['10 minutes back', '401 UNAUTHENTICATED', -600_000],
    ['20 minutes ahead', '401 UNAUTHENTICATED', 1_200_000],
  ])(
    'B-53 when the clock steps %s, a token gives %s, and the session lasts: a refresh gives a good one',
    async (_, expected, aheadMs) => {
      clock.aheadMs = 0;
      const tokens = await logIn(world, 'o-timely');
      clock.aheadMs = aheadMs;

      expect(await askAs(world, tokens)).toBe(expected);
      const renewed = (await refresh(world, tokens.refreshToken)).json as unknown as Tokens;
      expect(await askAs(world, renewed)).toBe('200');
    },
  );

  test('B-53 a ban lasts as long as it should, whatever the clock does', async () => {
    clock.aheadMs = 0;
    const tokens = await logIn(world, 'o-banned');
    await askAdmin(world, 'POST', '/admin/bans', { userId: 'o-banned', reason: 'r', durationSeconds: 600 });
    clock.aheadMs = 700_000;
    expect(await askAs(world, tokens)).toBe('403 BANNED');
  });

  test('B-53 when the clock of the machine is set, requests end when they should, and rates refill no sooner', async () => {
    const limited = await startAttackWorld({
      dev: true,
      config: { limits: { requestTimeoutMs: 400 }, rates: { address: { requests: 3, seconds: 3_600 } } },
    });
    vi.useFakeTimers({ toFake: ['Date'] });
    const step = (ms: number): unknown => vi.setSystemTime(Date.now() + ms);
    const statusOf = async (): Promise<number> =>
      (await limited.ask({ body: { query: '{ docs { id } }' } })).status;
    try {
      limited.subgraph('content').misbehave(silent);
      for (const stepMs of [3_600_000, -7_200_000]) {
        const [startedAt, fetches] = [performance.now(), limited.fetches()];
        const asked = statusOf();
        await vi.waitUntil(() => limited.fetches() > fetches);
        step(stepMs);
        await asked;
        const tookMs = performance.now() - startedAt;
        expect([tookMs > 300, tookMs < 3_000]).toEqual([true, true]);
      }
      limited.subgraph('content').misbehave(undefined);
      expect([await statusOf(), await statusOf()]).toEqual([200, 429]);
      step(7_200_000);
      expect(await statusOf()).toBe(429);
      step(-7_200_000);
      expect(await statusOf()).toBe(429);
    } finally {
      vi.useRealTimers();
      await limited.close();
    }
  });
});
