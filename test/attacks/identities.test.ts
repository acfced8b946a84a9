/** Attempts to become another user by way of a unionid: only what WeChat vouches for joins two identities. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startUser, type UserUnderTest } from '../subgraphs/user/start-user.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../support/postgres-database.ts';
import { describeWith } from '../support/services.ts';
import { guest, user } from '../support/subgraph-call.ts';

const otherApp = 'wx00000000000000b2';
const userIdOf = async (
  users: UserUnderTest,
  ...login: Parameters<UserUnderTest['register']>
): Promise<string> => ((await users.register(...login)) as { userId: string }).userId;

describe('a unionid', () => {
  let users: UserUnderTest;
  beforeAll(async () => {
    users = await startUser();
  });
  afterAll(() => users.close());

  test('W-09 that WeChat gives for a first login in a second app leads to the user of the first', async () => {
    const first = await userIdOf(users, { openid: 'o-here', unionid: 'both' });
    expect(await userIdOf(users, { appId: otherApp, openid: 'o-there', unionid: 'both' })).toBe(first);
    expect(await users.register({ appId: otherApp, openid: 'o-there' })).toEqual({
      userId: first,
      roles: ['USER'],
    });
  });

  test('W-09 that appears later moves nobody: who has been two users stays two', async () => {
    const here = await userIdOf(users, { openid: 'o-late-here' });
    const there = await userIdOf(users, { appId: otherApp, openid: 'o-late-there' });
    expect(there).not.toBe(here);

    expect(await userIdOf(users, { openid: 'o-late-here', unionid: 'late' })).toBe(here);
    expect(await userIdOf(users, { appId: otherApp, openid: 'o-late-there', unionid: 'late' })).toBe(there);
    const third = await userIdOf(users, { appId: 'wx-third', openid: 'o-late-third', unionid: 'late' });
    expect(third).toBe([here, there].toSorted()[0]);
  });

  test('W-09 of an administrator, told of an identity that has another, changes nothing', async () => {
    const mallory = await userIdOf(users, { openid: 'o-mallory', unionid: 'of-mallory' });
    expect(await userIdOf(users, { openid: 'o-mallory', unionid: 'union-0002' })).toBe(mallory);
    expect(await users.register({ openid: 'o-mallory' })).toEqual({ userId: mallory, roles: ['USER'] });
  });

  test('W-09 that is absent joins nobody to anybody', async () => {
    const one = await userIdOf(users, { openid: 'o-bare-1', unionid: null });
    expect(await userIdOf(users, { openid: 'o-bare-2', unionid: null })).not.toBe(one);
  });

  test.each([
    ['a guest', guest],
    ['an administrator', user('u-0002', ['USER', 'ADMIN'], ['user:read'])],
  ])('W-09 is taken from the gateway alone, not from %s', async (_, caller) => {
    const query =
      'mutation { registerWechatIdentity(appId: "wx-evil", openid: "o-evil", unionid: "union-0001") { userId } }';
    expect(await users.call({ caller, query })).toMatchObject({
      data: null,
      errors: [{ code: 'FORBIDDEN' }],
    });
    expect(await userIdOf(users, { appId: 'wx-evil', openid: 'o-evil' })).not.toBe('u-0001');
  });
});

describeWith('postgres', 'a unionid on Postgres', (serverUrl) => {
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

  test('W-09 that is new in 20 apps at once makes one user', async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        userIdOf(users, { appId: `wx-rush-${i}`, openid: `o-rush-${i}`, unionid: 'rush' }),
      ),
    );
    expect(new Set(ids).size).toBe(1);
  });
});
