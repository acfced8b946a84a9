import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createMemorySessionRecords } from '../../../gateway/identity/memory-session-records.ts';
import { createRefreshTokens } from '../../../gateway/identity/refresh-token.ts';
import { createSealer } from '../../../gateway/identity/seal.ts';
import type { SessionRecords } from '../../../gateway/identity/session-records.ts';
import { createSessions, type SessionEvent } from '../../../gateway/identity/sessions.ts';

const anna = { userId: 'anna', roles: ['USER'], appId: 'wx-1', openid: 'o-anna' };
const away = (): Promise<never> => Promise.reject(new Error('away'));

/** Sessions over a store that counts what it is asked, and can be away. */
function startSessions(keys: readonly Buffer[] = [randomBytes(32)], kept?: SessionRecords) {
  const clock = { ms: 0 };
  const store = { isAway: false, finds: 0 };
  const records = kept ?? createMemorySessionRecords({ maxSessions: 100, now: () => clock.ms });
  const events: SessionEvent[] = [];
  const start = () =>
    createSessions({
      records: {
        ...records,
        find(...args) {
          store.finds += 1;
          return store.isAway ? away() : records.find(...args);
        },
        create: (...args) => (store.isAway ? away() : records.create(...args)),
        end: (...args) => (store.isAway ? away() : records.end(...args)),
      },
      ...{ sealer: createSealer(keys), refreshTokens: createRefreshTokens(keys) },
      ...{ lifetimeMs: 600_000, maxPerUser: 5, refreshGraceMs: 30_000, recheckMs: 2_000, graceMs: 30_000 },
      ...{ now: () => 1_800_000_000_000, elapsed: () => clock.ms, onEvent: (event) => events.push(event) },
    });
  return { clock, store, records, events, sessions: start(), other: start() };
}

const claimsOf = ({ session }: { readonly session: { readonly id: string; readonly userId: string } }) => ({
  userId: session.userId,
  sessionId: session.id,
});

test('the store is asked once in two seconds about a session, however many ask', async () => {
  const { clock, store, sessions, other } = startSessions();
  const claims = claimsOf(await sessions.create(anna));
  const ask = () => Promise.all(Array.from({ length: 50 }, () => other.find(claims)));

  const found = await ask();
  expect(found.map((each) => each?.session.openid)).toEqual(found.map(() => 'o-anna'));
  clock.ms += 1_999;
  await ask();
  expect(store.finds).toBe(1);
  clock.ms += 1;
  await ask();
  expect(store.finds).toBe(2);
});

test('who has just logged in is known without asking', async () => {
  const { store, sessions } = startSessions();
  const { session } = await sessions.create(anna);
  expect(await sessions.find({ userId: 'anna', sessionId: session.id })).toEqual({
    session,
    isConfirmed: true,
  });
  expect(store.finds).toBe(0);
});

test('a session that has ended is refused for as long as it is remembered, and is not asked about again', async () => {
  const { store, sessions, other } = startSessions();
  const claims = claimsOf(await sessions.create(anna));
  await other.end(claims);
  expect([await other.find(claims), await other.find(claims)]).toEqual([undefined, undefined]);
  expect(store.finds).toBe(1);
});

test('a session is found for its own user alone', async () => {
  const { sessions } = startSessions();
  const { session } = await sessions.create(anna);
  expect(await sessions.find({ userId: 'bert', sessionId: session.id })).toBeUndefined();
});

test('while the store is away an answer of the last 30 seconds serves, marked as unconfirmed', async () => {
  const { clock, store, sessions, events } = startSessions();
  const { session } = await sessions.create(anna);
  const claims = { userId: 'anna', sessionId: session.id };
  store.isAway = true;

  clock.ms = 30_000;
  expect(await sessions.find(claims)).toEqual({ session, isConfirmed: false });
  clock.ms = 30_001;
  await expect(sessions.find(claims)).rejects.toMatchObject({ code: 'SESSION_UNAVAILABLE', status: 503 });
  store.isAway = false;
  expect(await sessions.find(claims)).toMatchObject({ isConfirmed: true });
  expect(events).toEqual(['unavailable', 'unconfirmed', 'unavailable']);
});

test('while the store is away nobody new is let in, and nobody can log in or out', async () => {
  const { store, sessions, other } = startSessions();
  const claims = claimsOf(await sessions.create(anna));
  store.isAway = true;
  for (const work of [other.find(claims), other.create(anna), other.end(claims)])
    await expect(work).rejects.toMatchObject({ code: 'SESSION_UNAVAILABLE' });
});

test('keys are changed without ending a session: the first encrypts, all decrypt', async () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const before = startSessions([old]);
  const { session, refreshToken } = await before.sessions.create(anna);
  await before.sessions.addSessionKey(anna, 'key of WeChat');
  const claims = { userId: 'anna', sessionId: session.id };

  const during = startSessions([fresh, old], before.records);
  expect(await during.sessions.find(claims)).toEqual({ session, isConfirmed: true });
  expect(await during.sessions.sessionKeys(anna)).toEqual(['key of WeChat']);
  const token = createRefreshTokens([fresh, old]).parse(refreshToken);
  const rotated = token && (await during.sessions.rotate(token, session));
  expect(rotated).toMatchObject({ session });

  const after = startSessions([fresh], before.records);
  expect(await after.sessions.find(claims)).toEqual({ session, isConfirmed: true });
  expect(createRefreshTokens([fresh]).parse(rotated?.refreshToken ?? '')).toMatchObject({ userId: 'anna' });
  expect(createRefreshTokens([fresh]).parse(refreshToken)).toBeUndefined();
});

test('WeChat, which knows an identity and no user, ends the sessions of its user', async () => {
  const { sessions } = startSessions();
  const claims = claimsOf(await sessions.create(anna));
  const elsewhere = claimsOf(await sessions.create({ ...anna, openid: 'o-anna-elsewhere', appId: 'wx-2' }));
  const other = claimsOf(await sessions.create({ ...anna, userId: 'bert', openid: 'o-bert' }));

  expect(await sessions.endOf({ appId: 'wx-1', openid: 'o-nobody' })).toBe(false);
  expect(await sessions.endOf({ appId: 'wx-1', openid: 'o-anna' })).toBe(true);

  const found = await Promise.all([claims, elsewhere, other].map((each) => sessions.find(each)));
  expect(found.map((each) => each?.session.userId)).toEqual([undefined, undefined, 'bert']);
});

test("WeChat's last two keys are kept for each identity", async () => {
  const { sessions } = startSessions();
  for (const key of ['one', 'two', 'three']) await sessions.addSessionKey(anna, key);
  expect(await sessions.sessionKeys(anna)).toEqual(['three', 'two']);
  // WeChat gives the same key to logins that follow each other soon.
  await sessions.addSessionKey(anna, 'three');
  expect(await sessions.sessionKeys(anna)).toEqual(['three', 'two']);
  expect(await sessions.sessionKeys({ ...anna, appId: 'wx-2' })).toEqual([]);
});
