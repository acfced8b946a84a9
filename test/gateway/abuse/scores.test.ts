import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryScores } from '../../../gateway/abuse/memory-scores.ts';
import { createRedisScores } from '../../../gateway/abuse/redis-scores.ts';
import type { Scores, Subject } from '../../../gateway/abuse/score.ts';
import { createSharedScores } from '../../../gateway/abuse/shared-scores.ts';
import { connectRedis, type RedisConnection } from '../../../gateway/store/redis.ts';
import { describeWith } from '../../support/services.ts';

/** So slow that no test on a real clock sees points fade. */
const halfLifeMs = 3_600_000;
const limits = { threshold: 10, memoryMs: 60_000, settleMs: 0 };
const user = (id: string): Subject => ({ kind: 'user', id });
const add = (scores: Scores, subject: Subject, rule: string, points: number, of = halfLifeMs) =>
  scores.add(subject, { rule, points, halfLifeMs: of }, limits);

/** What holds wherever scores are kept. */
function hold(create: () => Scores): void {
  test('points of several rules make one score; who crosses learns of which rules, and starts anew', async () => {
    const scores = create();
    expect(await add(scores, user('anna'), 'logins', 3)).toBeUndefined();
    expect(await add(scores, user('anna'), 'cost', 6)).toBeUndefined();
    expect(await add(scores, user('ben'), 'cost', 9)).toBeUndefined();
    expect(await add(scores, user('anna'), 'logins', 2)).toEqual({
      contributions: [
        { rule: 'cost', points: 6 },
        { rule: 'logins', points: 5 },
      ],
      earlier: 0,
    });
    expect(await add(scores, user('anna'), 'logins', 9)).toBeUndefined();
    expect(await add(scores, user('anna'), 'logins', 1.1)).toMatchObject({ earlier: 1 });
  });

  test('of many who add at once each crossing is told once', async () => {
    const scores = create();
    const added = await Promise.all(Array.from({ length: 40 }, () => add(scores, user('crowd'), 'a', 1.01)));
    expect(added.flatMap((crossing) => crossing?.earlier ?? [])).toEqual([0, 1, 2, 3]);
  });

  test('who is forgiven has no points and no crossings', async () => {
    const scores = create();
    await add(scores, user('anna'), 'logins', 10);
    await add(scores, user('anna'), 'logins', 9);
    await scores.forget(user('anna'));
    expect(await add(scores, user('anna'), 'logins', 9)).toBeUndefined();
    expect(await add(scores, user('anna'), 'logins', 9)).toMatchObject({ earlier: 0 });
  });

  test('something is new once, for each subject and rule', async () => {
    const scores = create();
    const isNew = (id: string, rule: string, what: string) => scores.isNew(user(id), rule, what, 60_000);
    expect([await isNew('a', 'r', 'x'), await isNew('a', 'r', 'x')]).toEqual([true, false]);
    expect([await isNew('b', 'r', 'x'), await isNew('a', 's', 'x'), await isNew('a', 'r', 'y')]).toEqual([
      true,
      true,
      true,
    ]);
  });
}

describe('scores in memory', () => {
  const clock = { ms: 0 };
  const create = (maxEntries = 1_000) => createMemoryScores({ maxEntries, now: () => clock.ms });
  hold(create);

  test('points fade by half in the half-life of their rule', async () => {
    const scores = create();
    await add(scores, user('anna'), 'quick', 8, 1_000);
    await add(scores, user('anna'), 'slow', 1, 10_000);
    clock.ms += 2_000;
    expect(await add(scores, user('anna'), 'quick', 7, 1_000)).toBeUndefined();
    expect(await add(scores, user('anna'), 'quick', 1, 1_000)).toEqual({
      contributions: [
        { rule: 'quick', points: 10 },
        { rule: 'slow', points: 0.9 },
      ],
      earlier: 0,
    });
  });

  test('a crossing is forgotten in time', async () => {
    const scores = create();
    await add(scores, user('anna'), 'a', 10, 10);
    clock.ms += 60_001;
    expect(await add(scores, user('anna'), 'a', 10, 10)).toMatchObject({ earlier: 0 });
  });

  test('X-13 of more subjects than there is room for those that do nothing are forgotten', async () => {
    const scores = create(100);
    await add(scores, user('busy'), 'a', 8);
    for (let count = 0; count < 10_000; count += 1) {
      await add(scores, user(`u${count}`), 'a', 1);
      if (count % 50 === 0) await add(scores, user('busy'), 'a', 0.001);
    }
    expect(await add(scores, user('busy'), 'a', 2)).toMatchObject({ earlier: 0 });
  });
});

describeWith('redis', 'scores in Redis', (url) => {
  const redis: RedisConnection[] = [];
  beforeAll(async () => {
    const keyPrefix = `test:${randomBytes(6).toString('hex')}:`;
    redis.push(
      await connectRedis({ url, isCluster: false, keyPrefix, commandTimeoutMs: 2_000, onLost() {} }),
    );
  });
  afterAll(() => Promise.all(redis.map((each) => each.close())));

  let round = 0;
  /** Of subjects of its own, each time. */
  const create = (): Scores => {
    const scores = createRedisScores(redis[0] as RedisConnection);
    round += 1;
    const prefix = `${round} `;
    const own = ({ kind, id }: Subject): Subject => ({ kind, id: prefix + id });
    return {
      add: (subject, ...rest) => scores.add(own(subject), ...rest),
      isNew: (subject, ...rest) => scores.isNew(own(subject), ...rest),
      forget: (subject) => scores.forget(own(subject)),
    };
  };
  hold(create);

  test('points fade by half in the half-life of their rule', async () => {
    const connection = redis[0] as RedisConnection;
    const client = new Redis(url);
    const [seconds = 0] = await client.time();
    await client.hset(connection.toKey('score:user', 'anna'), 'rule:a', `8 ${seconds - 2}000 1000`);
    const crossing = await add(createRedisScores(connection), user('anna'), 'b', 9);
    const [b, a] = crossing?.contributions ?? [];
    expect([b, a?.rule]).toEqual([{ rule: 'b', points: 9 }, 'a']);
    // Two to three seconds are over, by Redis's clock.
    expect(a?.points).toBeGreaterThan(0.8);
    expect(a?.points).toBeLessThanOrEqual(2);
    await client.quit();
  });

  test('B-33 a score that is damaged counts as none', async () => {
    const connection = redis[0] as RedisConnection;
    const client = new Redis(url);
    const scores = createRedisScores(connection);
    await client.set(connection.toKey('score:user', 'text'), 'no hash');
    await client.hset(connection.toKey('score:user', 'garbage'), { 'rule:a': '1e400 x', crossings: 'many' });
    expect(await add(scores, user('text'), 'a', 9)).toBeUndefined();
    expect(await add(scores, user('garbage'), 'b', 11)).toEqual({
      contributions: [{ rule: 'b', points: 11 }],
      earlier: 0,
    });
    await client.quit();
  });
});

test('while the shared scores are away those of this process count', async () => {
  const away = { add: fail, isNew: fail, forget: fail };
  const own = createMemoryScores({ maxEntries: 10, now: () => 0 });
  let misses = 0;
  const scores = createSharedScores(away, own, () => {
    misses += 1;
  });
  expect(await add(scores, user('anna'), 'a', 9)).toBeUndefined();
  expect(await add(scores, user('anna'), 'a', 1)).toMatchObject({ earlier: 0 });
  expect(await scores.isNew(user('anna'), 'a', 'x', 1)).toBe(true);
  expect(misses).toBe(3);
});

async function fail(): Promise<never> {
  throw new Error('away');
}
