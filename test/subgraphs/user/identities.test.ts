/** Who a WeChat login becomes. */
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { userTable, wechatIdentityTable } from '../../../subgraphs/user/tables.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../../support/postgres-database.ts';
import { describeWith } from '../../support/services.ts';
import { guest, user } from '../../support/subgraph-call.ts';
import { appId, startUser, type UserUnderTest } from './start-user.ts';

async function unionidsOf(users: UserUnderTest, openid: string) {
  const rows = await users.tables
    .select({ appId: wechatIdentityTable.appId, unionid: wechatIdentityTable.unionid })
    .from(wechatIdentityTable)
    .where(eq(wechatIdentityTable.openid, openid));
  return rows;
}

describe('an identity', () => {
  let users: UserUnderTest;
  beforeAll(async () => {
    users = await startUser();
  });
  afterAll(() => users.close());

  test.each([
    ['o-sim-super', { userId: 'u-0001', roles: ['USER', 'ADMIN', 'SUPER'] }],
    ['o-sim-admin', { userId: 'u-0002', roles: ['USER', 'ADMIN'] }],
    ['o-sim-user', { userId: 'u-0003', roles: ['USER'] }],
    ['o-mock-user', { userId: 'u-0004', roles: ['USER'] }],
  ])('%s is a user of the seed', async (openid, registered) => {
    expect(await users.register({ openid })).toEqual(registered);
  });

  test('that is new makes a user, newer than all others; the next login finds the same', async () => {
    const first = await users.register({ openid: 'o-new' });
    const second = await users.register({ openid: 'o-new' });
    const { data } = await users.call({
      caller: user('u-0002', ['USER', 'ADMIN'], ['user:read']),
      query: '{ users(first: 1) { nodes { id nickname avatarUrl createdAt addresses { id } roles } } }',
    });

    expect(first).toEqual({ userId: expect.stringMatching(/^u-[0-9a-f]{28}$/), roles: ['USER'] });
    expect(second).toEqual(first);
    expect(data).toEqual({
      users: {
        nodes: [
          {
            id: (first as { userId: string }).userId,
            nickname: null,
            avatarUrl: null,
            createdAt: '2026-11-22T08:30:00.000Z',
            addresses: [],
            roles: ['USER'],
          },
        ],
      },
    });
  });

  test('of another app is another user', async () => {
    const here = await users.register({ openid: 'o-both' });
    const there = await users.register({ openid: 'o-both', appId: 'wx-other' });

    expect(there).not.toEqual(here);
  });

  test('takes the unionid that appears later, and keeps it whatever comes after', async () => {
    await users.register({ openid: 'o-union' });
    expect(await unionidsOf(users, 'o-union')).toEqual([{ appId, unionid: null }]);

    await users.register({ openid: 'o-union', unionid: 'first' });
    await users.register({ openid: 'o-union', unionid: 'second' });
    await users.register({ openid: 'o-union', unionid: null });
    expect(await unionidsOf(users, 'o-union')).toEqual([{ appId, unionid: 'first' }]);
  });

  test.each([
    ['openid', { openid: ' ' }],
    ['openid', { openid: 'o'.repeat(129) }],
    ['appId', { appId: '', openid: 'o-1' }],
    ['unionid', { openid: 'o-1', unionid: '' }],
  ])('with a bad %s is refused', async (name, identity) => {
    expect(await users.register(identity)).toEqual([
      { message: `"${name}" must be of 1 to 128 characters.`, code: 'BAD_USER_INPUT' },
    ]);
  });

  test.each([
    ['a guest', guest],
    ['SUPER', user('u-0001', ['USER', 'ADMIN', 'SUPER'], ['user:read', 'role:grant'])],
  ])('is registered by services, not by %s', async (_, caller) => {
    const answer = await users.call({
      caller,
      query: 'mutation { registerWechatIdentity(appId: "wx-1", openid: "o-stolen") { userId } }',
    });

    expect(answer).toEqual({
      data: null,
      errors: [{ message: 'Only other services may do this.', code: 'FORBIDDEN' }],
    });
    expect(await unionidsOf(users, 'o-stolen')).toEqual([]);
  });
});

describeWith('postgres', 'identities on Postgres', (serverUrl) => {
  let postgres: PostgresDatabase;
  let users: UserUnderTest;
  beforeAll(async () => {
    postgres = await createPostgresDatabase(serverUrl);
    users = await startUser({ databaseUrl: postgres.url });
  });
  afterAll(async () => {
    await users?.close();
    await postgres?.drop();
  });

  test('20 first logins at once make one user', async () => {
    const before = await users.tables.$count(userTable);

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        users.register({ openid: 'o-rush', unionid: i % 2 ? 'union' : null }),
      ),
    );

    expect(answers[0]).toEqual({ userId: expect.stringMatching(/^u-/), roles: ['USER'] });
    expect(answers).toEqual(answers.map(() => answers[0]));
    expect(await users.tables.$count(userTable)).toBe(before + 1);
    expect(await unionidsOf(users, 'o-rush')).toEqual([{ appId, unionid: 'union' }]);
  });

  test('20 first logins of different people at once make 20 users', async () => {
    const before = await users.tables.$count(userTable);

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => users.register({ openid: `o-crowd-${i}` })),
    );

    expect(new Set(answers.map((answer) => (answer as { userId: string }).userId)).size).toBe(20);
    expect(await users.tables.$count(userTable)).toBe(before + 20);
  });

  test('two unionids at once leave one, for good', async () => {
    await users.register({ openid: 'o-two' });
    await Promise.all(['one', 'two'].map((unionid) => users.register({ openid: 'o-two', unionid })));
    const [kept] = await unionidsOf(users, 'o-two');

    await users.register({ openid: 'o-two', unionid: 'three' });

    expect(['one', 'two']).toContain(kept?.unionid);
    expect(
      await users.tables
        .select()
        .from(wechatIdentityTable)
        .where(
          and(eq(wechatIdentityTable.openid, 'o-two'), eq(wechatIdentityTable.unionid, kept?.unionid ?? '')),
        ),
    ).toHaveLength(1);
  });
});
