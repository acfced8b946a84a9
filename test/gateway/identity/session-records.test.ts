import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createMemorySessionRecords } from '../../../gateway/identity/memory-session-records.ts';
import { createRedisSessionRecords } from '../../../gateway/identity/redis-session-records.ts';
import type { NewSessionRecord, SessionRecords, Turn } from '../../../gateway/identity/session-records.ts';
import { connectRedis, type RedisConnection } from '../../../gateway/store/redis.ts';
import { describeWith } from '../../support/services.ts';

const record = (sessionId: string, changes: Partial<NewSessionRecord> = {}): NewSessionRecord => ({
  ...{ sessionId, data: `data of ${sessionId}`, tokenHash: `${sessionId}-1`, lifetimeMs: 60_000 },
  ...{ maxPerUser: 20, ...changes },
});

/** The use of the n-th token of a session. */
const turn = (sessionId: string, n: number, changes: Partial<Turn> = {}): Turn => ({
  ...{ presentedHash: `${sessionId}-${n}`, nextHash: `${sessionId}-${n + 1}` },
  ...{ sealedNext: `sealed ${n + 1}`, data: `data of turn ${n}`, graceMs: 60_000, ...changes },
});

/** What holds of every store. */
function describeRecords(create: () => SessionRecords): void {
  test('gives back what was stored, to the user it is of', async () => {
    const records = create();
    await records.create('u', record('s'));
    expect(await records.find('u', 's')).toBe('data of s');
    expect(await records.find('other', 's')).toBeUndefined();
    expect(await records.find('u', 'other')).toBeUndefined();
  });

  test('forgets what has lasted its time', async () => {
    const records = create();
    await records.create('brief', record('s', { lifetimeMs: 30 }));
    await records.create('brief', record('t'));
    await vi.waitFor(async () => expect(await records.find('brief', 's')).toBeUndefined());
    expect(await records.rotate('brief', 's', turn('s', 1))).toEqual({ outcome: 'absent' });
    expect(await records.find('brief', 't')).toBe('data of t');
  });

  test('a token is used once; used again, it gives what its first use gave', async () => {
    const records = create();
    await records.create('turns', record('s'));
    expect(await records.rotate('turns', 's', turn('s', 1))).toEqual({ outcome: 'rotated' });
    expect(await records.find('turns', 's')).toBe('data of turn 1');
    expect(await records.rotate('turns', 's', turn('s', 1, { nextHash: 'x', data: 'x' }))).toEqual({
      outcome: 'repeated',
      data: 'data of turn 1',
      sealedNext: 'sealed 2',
    });
    expect(await records.rotate('turns', 's', turn('s', 2))).toEqual({ outcome: 'rotated' });
  });

  test('of 20 that use a token at once, one gets the next and the others the same', async () => {
    const records = create();
    await records.create('crowd', record('s'));
    const turns = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        records.rotate('crowd', 's', turn('s', 1, { nextHash: `next ${i}`, sealedNext: `sealed ${i}` })),
      ),
    );
    expect(turns.filter(({ outcome }) => outcome === 'rotated')).toHaveLength(1);
    const winner = turns.findIndex(({ outcome }) => outcome === 'rotated');
    const repeated = { outcome: 'repeated', data: 'data of turn 1', sealedNext: `sealed ${winner}` };
    expect(turns.filter((each) => each.outcome !== 'rotated')).toEqual(Array(19).fill(repeated));
  });

  test('a token that is used again after the grace ends the session', async () => {
    const records = create();
    await records.create('late', record('s'));
    await records.rotate('late', 's', turn('s', 1));
    await vi.waitFor(async () =>
      expect(await records.rotate('late', 's', turn('s', 1, { graceMs: 20 }))).toEqual({ outcome: 'reused' }),
    );
    expect(await records.find('late', 's')).toBeUndefined();
    expect(await records.rotate('late', 's', turn('s', 2))).toEqual({ outcome: 'absent' });
  });

  test('a token older than the one before ends the session, and no other of the user', async () => {
    const records = create();
    await records.create('thief', record('s'));
    await records.create('thief', record('t'));
    await records.rotate('thief', 's', turn('s', 1));
    await records.rotate('thief', 's', turn('s', 2));
    expect(await records.rotate('thief', 's', turn('s', 1))).toEqual({ outcome: 'reused' });
    expect([await records.find('thief', 's'), await records.find('thief', 't')]).toEqual([
      undefined,
      'data of t',
    ]);
  });

  test('one session ends alone, all of a user together', async () => {
    const records = create();
    for (const id of ['s', 't', 'u']) await records.create('ends', record(id));
    await records.create('stays', record('v'));
    await records.end('ends', 's');
    const found = async () =>
      Promise.all(['s', 't', 'u'].map((id) => records.find('ends', id).then((data) => data !== undefined)));
    expect(await found()).toEqual([false, true, true]);
    await records.endAll('ends');
    expect(await found()).toEqual([false, false, false]);
    expect(await records.find('stays', 'v')).toBe('data of v');
  });

  test('a user has so many sessions at most: the one that would end first makes room', async () => {
    const records = create();
    for (const id of ['s', 't', 'u']) await records.create('many', record(id, { maxPerUser: 2 }));
    expect(await Promise.all(['s', 't', 'u'].map((id) => records.find('many', id)))).toEqual([
      undefined,
      'data of t',
      'data of u',
    ]);
  });

  test('knows the user of an identity, as last told', async () => {
    const records = create();
    await records.linkUser('i', 'sealed one', 60_000);
    await records.linkUser('i', 'sealed two', 60_000);
    expect([await records.findUser('i'), await records.findUser('j')]).toEqual(['sealed two', undefined]);
  });

  test("keeps the last two of WeChat's keys for each identity", async () => {
    const records = create();
    for (const sealed of ['one', 'two', 'three'])
      await records.addKey('keys', { identity: 'i', sealed, lifetimeMs: 60_000 });
    await records.addKey('keys', { identity: 'j', sealed: 'other', lifetimeMs: 60_000 });
    expect(await records.keys('keys', 'i')).toEqual(['three', 'two']);
    expect(await records.keys('keys', 'j')).toEqual(['other']);
    await records.endAll('keys');
    expect(await records.keys('keys', 'i')).toEqual([]);
  });
}

describe('sessions in memory', () => {
  const now = (): number => performance.now();
  describeRecords(() => createMemorySessionRecords({ maxSessions: 100, now }));

  test('are so many at most: the oldest make room', async () => {
    const records = createMemorySessionRecords({ maxSessions: 2, now });
    for (const id of ['s', 't', 'u']) await records.create(`user of ${id}`, record(id));
    expect(await records.find('user of s', 's')).toBeUndefined();
    expect(await records.find('user of u', 'u')).toBe('data of u');
  });
});

describeWith('redis', 'sessions in Redis', (url) => {
  let client: Redis;
  let redis: RedisConnection;
  const keyPrefix = `test:${randomBytes(6).toString('hex')}:`;
  const damaged: string[] = [];
  const create = (): SessionRecords =>
    createRedisSessionRecords(redis, { onDamaged: (sessionId) => damaged.push(sessionId) });
  const keyOf = (userId: string): string => redis.toKey('sessions', userId);

  beforeAll(async () => {
    client = new Redis(url);
    redis = await connectRedis({
      ...{
        url,
        isCluster: false,
        keyPrefix,
        commandTimeoutMs: 2_000,
        onLost: () => {},
        onEvicting: () => {},
      },
    });
  });
  afterAll(async () => {
    await redis.close();
    const keys = await client.keys(`${keyPrefix}*`);
    if (keys.length > 0) await client.del(keys);
    await client.quit();
  });

  describeRecords(create);

  test('leave nothing behind when their time is over', async () => {
    await create().create('gone', record('s', { lifetimeMs: 40 }));
    await create().addKey('gone', { identity: 'i', sealed: 'k', lifetimeMs: 40 });
    await vi.waitFor(async () => expect(await client.exists(keyOf('gone'))).toBe(0));
  });

  test('sessions that are over make room for new ones', async () => {
    await create().create('renewed', record('s', { lifetimeMs: 20 }));
    await vi.waitFor(async () => expect(await create().find('renewed', 's')).toBeUndefined());
    await create().create('renewed', record('t'));
    expect(await client.hkeys(keyOf('renewed'))).toEqual(['s:t']);
  });

  test.each([
    ['text that is no JSON', 'garbage'],
    ['nothing', ''],
    ['a number', '7'],
    ['another kind of JSON', '{"data":7,"token":"t","ends":9e15}'],
    ['no end', '{"data":"d","token":"t"}'],
    ['a megabyte', JSON.stringify({ data: 'd'.repeat(1e6), token: 't', ends: 9e15 })],
  ])('B-33 a session that is %s by now counts as absent, and is told of', async (what, value) => {
    const records = create();
    await records.create(what, record('s'));
    await client.hset(keyOf(what), 's:s', value);
    damaged.length = 0;
    expect(await records.find(what, 's')).toBeUndefined();
    expect(await records.rotate(what, 's', turn('s', 1))).toEqual({ outcome: 'absent' });
    expect(damaged).toEqual(value === '' ? [] : ['s', 's']);
  });

  test('B-33 a value of another type counts as absent, and the next login replaces it', async () => {
    const records = create();
    await client.set(keyOf('typed'), 'text');
    expect(await records.find('typed', 's')).toBeUndefined();
    expect(await records.keys('typed', 'i')).toEqual([]);
    await records.addKey('typed', { identity: 'i', sealed: 'k', lifetimeMs: 60_000 });
    await records.create('typed', record('s'));
    expect(await records.find('typed', 's')).toBe('data of s');
    await client.del(keyOf('typed'));
    await client.lpush(keyOf('typed'), 'x');
    await records.end('typed', 's');
    await records.create('typed', record('t'));
    expect(await records.find('typed', 't')).toBe('data of t');
  });

  test('no two users share a key, whatever they are called', () => {
    const users = ['a', 'a:b', 'a}', '{a', '', 'x'.repeat(10_000), 'a\nb'];
    expect(new Set(users.map(keyOf)).size).toBe(users.length);
  });
});
