import { expect, test } from 'vitest';
import { type BehaviourBan, type BehaviourRule, createBehaviour } from '../../../gateway/abuse/behaviour.ts';
import { createMemoryScores } from '../../../gateway/abuse/memory-scores.ts';
import type { Behaviour, SecurityEvent } from '../../../gateway/abuse/security-event.ts';
import { createTemporaryBans } from '../../../gateway/abuse/temporary-bans.ts';

const perMinute = { halfLifeSeconds: 60 };
const failedLogin: Behaviour = { event: 'LOGIN_FAILED', code: 'INVALID_CODE', address: '203.0.113.7' };

function start(rules: readonly BehaviourRule[]) {
  const bans: BehaviourBan[] = [];
  const reported: SecurityEvent[] = [];
  const clock = { ms: 0 };
  const apply = createBehaviour({
    rules,
    thresholds: { user: 10, address: 100, device: 3 },
    banSeconds: [300, 3_600, 86_400],
    banMemoryMs: 86_400_000,
    scores: createMemoryScores({ maxEntries: 100, now: () => clock.ms }),
    isExempt: (address) => address.startsWith('10.'),
    ban: async (ban) => void bans.push(ban),
    report: (event) => reported.push(event),
    onDropped: () => expect.unreachable(),
  });
  const send = async (event: SecurityEvent, times = 1): Promise<void> => {
    for (let count = 0; count < times; count += 1) {
      apply(event);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { bans, reported, clock, send };
}

test('whoever reaches the threshold is banned, with what each rule had added', async () => {
  const { bans, send } = start([
    { name: 'failed logins', event: 'LOGIN_FAILED', per: 'address', weight: 40, ...perMinute },
    { name: 'signatures', event: 'SIGNATURE_FAILED', per: 'address', weight: 15, ...perMinute },
  ]);
  await send({ event: 'SIGNATURE_FAILED', code: 'REPLAYED', address: '203.0.113.7' }, 2);
  await send(failedLogin);
  expect(bans).toEqual([]);
  await send(failedLogin);
  expect(bans).toEqual([
    {
      ...{ subject: 'address', id: '203.0.113.7', durationSeconds: 300, earlierBans: 0 },
      reason: 'behaviour: failed logins (80), signatures (30)',
      rules: [
        { rule: 'failed logins', points: 80 },
        { rule: 'signatures', points: 30 },
      ],
    },
  ]);
});

test('each ban is longer than the one before, up to the longest, and the first again when they are forgotten', async () => {
  const { bans, clock, send } = start([
    { name: 'failed logins', event: 'LOGIN_FAILED', per: 'address', weight: 100, ...perMinute },
  ]);
  for (let count = 0; count < 4; count += 1) {
    await send(failedLogin, 2);
    clock.ms += 5_000;
  }
  clock.ms += 86_400_001;
  await send(failedLogin);
  expect(bans.map(({ durationSeconds, earlierBans }) => [durationSeconds, earlierBans])).toEqual([
    [300, 0],
    [3_600, 1],
    [86_400, 2],
    [86_400, 3],
    [300, 0],
  ]);
});

test('who is slow enough is never banned', async () => {
  const { bans, clock, send } = start([
    { name: 'logins', event: 'LOGIN_SUCCEEDED', per: 'user', weight: 4, ...perMinute },
  ]);
  for (let count = 0; count < 100; count += 1) {
    await send({ event: 'LOGIN_SUCCEEDED', userId: 'anna' });
    clock.ms += 60_000;
  }
  expect(bans).toEqual([]);
  await send({ event: 'LOGIN_SUCCEEDED', userId: 'anna' }, 2);
  expect(bans).toMatchObject([{ subject: 'user', id: 'anna' }]);
});

test('a rule for some codes is for no others', async () => {
  const codes = ['INVALID_CODE'];
  const { bans, send } = start([
    { name: 'failed logins', event: 'LOGIN_FAILED', codes, per: 'address', weight: 100, ...perMinute },
  ]);
  await send({ ...failedLogin, event: 'LOGIN_FAILED', code: 'BANNED' });
  expect(bans).toEqual([]);
  await send(failedLogin);
  expect(bans).toHaveLength(1);
});

test('exempt addresses, unknown ones and events of nobody are not counted', async () => {
  const { bans, send } = start([
    { name: 'failed logins', event: 'LOGIN_FAILED', per: 'address', weight: 100, ...perMinute },
    { name: 'failed logins', event: 'LOGIN_FAILED', per: 'user', weight: 100, ...perMinute },
  ]);
  for (const address of ['10.1.2.3', '', undefined]) await send({ ...failedLogin, address });
  expect(bans).toEqual([]);
});

test('of many users at one address each counts once', async () => {
  const { bans, send } = start([
    {
      name: 'users',
      event: 'LOGIN_SUCCEEDED',
      per: 'address',
      weight: 50,
      ...perMinute,
      distinctUsers: true,
    },
  ]);
  const logIn = (userId: string, times: number) =>
    send({ event: 'LOGIN_SUCCEEDED', userId, address: '203.0.113.7' }, times);
  await logIn('anna', 20);
  expect(bans).toEqual([]);
  await logIn('ben', 1);
  expect(bans).toMatchObject([{ subject: 'address', reason: 'behaviour: users (100)' }]);
});

test('X-05 a device bans nobody by itself: it weighs with whoever uses it, and is told apart by its address', async () => {
  const { bans, reported, send } = start([
    { name: 'users', event: 'LOGIN_SUCCEEDED', per: 'device', weight: 1, ...perMinute, distinctUsers: true },
  ]);
  const logIn = (userId: string, address: string) =>
    send({ event: 'LOGIN_SUCCEEDED', userId, address, deviceId: 'a-common-phone-model' });
  for (const userId of ['anna', 'ben']) await logIn(userId, '203.0.113.7');
  for (const userId of ['cleo', 'dora']) await logIn(userId, '198.51.100.1');
  expect(reported).toEqual([]);
  await logIn('eve', '203.0.113.7');
  expect(reported).toEqual([
    {
      event: 'MANY_IDENTITIES',
      ...{ userId: 'eve', address: '203.0.113.7', deviceId: 'a-common-phone-model' },
    },
  ]);
  expect(bans).toEqual([]);
});

test('a ban that cannot be set now is set when it can be, and told of once', async () => {
  const told: SecurityEvent[] = [];
  const failures: unknown[] = [];
  let isAway = true;
  const bans = createTemporaryBans({
    async set() {
      if (isAway) throw new Error('away');
      return true;
    },
    report: (event) => told.push(event),
    onFailed: (error) => failures.push(error),
  });
  const ban: BehaviourBan = {
    ...{ subject: 'user', id: 'anna', reason: 'behaviour', durationSeconds: 300, rules: [], earlierBans: 0 },
  };
  await bans.ban(ban);
  await bans.ban(ban);
  expect([told, failures]).toEqual([[], [new Error('away')]]);
  isAway = false;
  const { subject: _, id: userId, ...details } = ban;
  await expect
    .poll(() => told, { timeout: 5_000 })
    .toEqual([{ event: 'BAN_SET', by: 'rules', userId, ...details }]);
  bans.close();
});

test('a ban beside one that is in force already is not told of', async () => {
  const told: SecurityEvent[] = [];
  const bans = createTemporaryBans({
    set: async () => false,
    report: (event) => told.push(event),
    onFailed: () => expect.unreachable(),
  });
  await bans.ban({
    ...{ subject: 'user', id: 'anna', reason: 'behaviour', durationSeconds: 300, rules: [], earlierBans: 0 },
  });
  expect(told).toEqual([]);
  bans.close();
});
