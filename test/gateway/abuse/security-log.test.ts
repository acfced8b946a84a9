import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { createFileSecurityLog } from '../../../gateway/abuse/file-security-log.ts';
import { createMemorySecurityLog } from '../../../gateway/abuse/memory-security-log.ts';
import { createRedisSecurityLog } from '../../../gateway/abuse/redis-security-log.ts';
import type { SecurityEvent } from '../../../gateway/abuse/security-event.ts';
import {
  createSecurityLog,
  type SecurityLogStore,
  type SecurityRecord,
} from '../../../gateway/abuse/security-log.ts';
import { connectRedis } from '../../../gateway/store/redis.ts';
import { describeWith } from '../../support/services.ts';

const start = Date.UTC(2026, 10, 24, 12);
const dayMs = 86_400_000;
const failed = (address: string): SecurityEvent => ({
  ...{ event: 'LOGIN_FAILED', code: 'INVALID_CODE', address },
});
const record = (address: string, atMs = start): SecurityRecord => ({
  event: failed(address),
  atMs,
  times: 1,
});

function startLog(store: SecurityLogStore, maxQueued = 100) {
  const told: unknown[] = [];
  const lost = { count: 0 };
  const log = createSecurityLog({
    store,
    maxQueued,
    now: () => start,
    onAway: (error) => told.push(error),
    onLost: () => {
      lost.count += 1;
    },
  });
  return { log, told, lost };
}

test('what is written is read in its order, and what is the same but for the request is one record', async () => {
  const { log } = startLog(createMemorySecurityLog(10));
  for (let count = 0; count < 1_000; count += 1)
    log.write({ ...failed('a'), requestId: `r${count}` } as never);
  log.write(failed('b'));
  const at = '2026-11-24T12:00:00.000Z';
  expect(await log.read({ atMs: start }, 10)).toEqual([
    { id: '1', at, times: 1_000, ...failed('a'), requestId: 'r0' },
    { id: '2', at, times: 1, ...failed('b') },
  ]);
  expect(await log.read({ id: '1' }, 10)).toEqual([{ id: '2', at, times: 1, ...failed('b') }]);
  expect(await log.read({ atMs: start + 1 }, 10)).toEqual([]);
  await log.close();
});

test('what cannot be written waits, is told of once, and beyond the room for it is counted as lost', async () => {
  const written: SecurityRecord[] = [];
  let isAway = true;
  const { log, told, lost } = startLog(
    {
      async append(records) {
        if (isAway) throw new Error('away');
        written.push(...records);
      },
      read: async () => [],
    },
    3,
  );
  for (const address of ['a', 'b', 'c', 'd', 'e']) log.write(failed(address));
  await log.read({ atMs: 0 }, 1);
  await log.read({ atMs: 0 }, 1);
  expect([told, lost.count, written]).toEqual([[new Error('away')], 2, []]);
  isAway = false;
  await expect.poll(() => written, { timeout: 5_000 }).toEqual([record('a'), record('b'), record('c')]);
  await log.close();
});

describe('in a folder', () => {
  test('each day has a file for its owner alone, and old ones are deleted', async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'minigate-log-')), 'security');
    const clock = { ms: start };
    const store = createFileSecurityLog({ folder, keptDays: 2, now: () => clock.ms });
    expect(await store.read({ atMs: 0 }, 10)).toEqual([]);
    for (let day = 0; day < 4; day += 1) {
      await store.append([record(`on day ${day}`, clock.ms)]);
      clock.ms += dayMs;
    }
    expect(await readdir(folder)).toEqual([
      'security-2026-11-25.jsonl',
      'security-2026-11-26.jsonl',
      'security-2026-11-27.jsonl',
    ]);
    expect((await stat(join(folder, 'security-2026-11-27.jsonl'))).mode & 0o777).toBe(0o600);
    const all = await store.read({ atMs: 0 }, 10);
    expect(all.map((each) => 'address' in each && each.address)).toEqual([
      'on day 1',
      'on day 2',
      'on day 3',
    ]);
    expect(await store.read({ id: all[0]?.id ?? '' }, 1)).toEqual([all[1]]);
    expect(await store.read({ atMs: start + 3 * dayMs }, 10)).toEqual([all[2]]);
    await rm(folder, { recursive: true });
  });

  test('a line that a crash cut short hides no other', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'minigate-log-'));
    const store = createFileSecurityLog({ folder, keptDays: 90, now: () => start });
    await writeFile(join(folder, 'notes.txt'), 'not ours');
    await store.append([record('a')]);
    await appendFile(join(folder, 'security-2026-11-24.jsonl'), '{"id":"1\n');
    await store.append([record('b')]);
    expect((await store.read({ atMs: start }, 10)).map((each) => 'address' in each && each.address)).toEqual([
      'a',
      'b',
    ]);
    await rm(folder, { recursive: true });
  });
});

describeWith('redis', 'in Redis', (url) => {
  test('all gateways write one stream, which keeps neither what is old nor more than fits', async () => {
    const keyPrefix = `test:${randomBytes(6).toString('hex')}:`;
    const connection = { url, isCluster: false, keyPrefix, commandTimeoutMs: 2_000, onLost() {} };
    const [here, there] = await Promise.all([connectRedis(connection), connectRedis(connection)]);
    const limits = { keptMs: dayMs, maxRecords: 1_000 };
    const stores = [createRedisSecurityLog(here, limits), createRedisSecurityLog(there, limits)] as const;
    const client = new Redis(url);
    const key = here.toKey('security', 'log');
    // Redis trims by whole nodes of a hundred entries.
    for (let count = 0; count < 300; count += 1)
      await client.xadd(key, `1-${count + 1}`, 'record', '{"old":1}');
    await stores[0].append([record('a')]);
    await stores[1].append([record('b'), record('c')]);

    const found = await stores[0].read({ atMs: 2 }, 10);
    expect(found.map((each) => 'address' in each && each.address)).toEqual(['a', 'b', 'c']);
    expect(await stores[1].read({ id: found[0]?.id ?? '' }, 1)).toEqual([found[1]]);
    expect(await client.xlen(key)).toBeLessThan(110);

    for (let round = 0; round < 5; round += 1)
      await stores[0].append(Array.from({ length: 400 }, (_, index) => record(`${index}`)));
    expect(await client.xlen(key)).toBeLessThan(1_200);
    await client.del(key);
    await Promise.all([here.close(), there.close(), client.quit()]);
  });
});
