/** What is deleted of a person when WeChat says so, and what is not. */
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  addressTable,
  roleGrantTable,
  userTable,
  wechatIdentityTable,
} from '../../../subgraphs/user/tables.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../../support/postgres-database.ts';
import { describeWith } from '../../support/services.ts';
import { guest, service, user } from '../../support/subgraph-call.ts';
import { appId, startUser, type UserUnderTest } from './start-user.ts';

const query = `mutation ($eventId: String!, $appId: String!, $openid: String!, $everything: Boolean!, $revokeInfo: [Int!]!) {
  forgetWechatIdentity(
    eventId: $eventId, appId: $appId, openid: $openid, everything: $everything, revokeInfo: $revokeInfo
  )
}`;
const address = {
  ...{ recipient: '王芳', phone: '13800138000', province: '浙江省', city: '杭州市' },
  ...{ district: '西湖区', detail: '文三路 1 号' },
};
const done = { data: { forgetWechatIdentity: true } };

interface Event {
  readonly eventId: string;
  readonly openid: string;
  readonly appId?: string;
  readonly everything?: boolean;
  readonly revokeInfo?: readonly number[];
}

const forget = (
  users: UserUnderTest,
  event: Event,
  caller = service as Parameters<typeof users.call>[0]['caller'],
) => users.call({ caller, query, variables: { appId, everything: false, revokeInfo: [], ...event } });

/** A user with a profile and an address. */
async function makePerson(users: UserUnderTest, openid: string, unionid?: string): Promise<string> {
  const { userId } = (await users.register({ openid, unionid: unionid ?? null })) as { userId: string };
  await give(users, userId);
  return userId;
}

async function give(users: UserUnderTest, userId: string): Promise<void> {
  await users.call({
    caller: user(userId),
    query: `mutation ($address: AddressInput!) {
      updateProfile(input: { nickname: "小芳", avatarUrl: "/a.png" }) { id }
      addAddress(input: $address) { id }
    }`,
    variables: { address },
  });
}

async function stored(users: UserUnderTest, userId: string) {
  const { tables } = users;
  const [row] = await tables.select().from(userTable).where(eq(userTable.id, userId));
  return {
    nickname: row?.nickname,
    avatarUrl: row?.avatarUrl,
    addresses: await tables.$count(addressTable, eq(addressTable.userId, userId)),
    identities: await tables.$count(wechatIdentityTable, eq(wechatIdentityTable.userId, userId)),
    roles: await tables.$count(roleGrantTable, eq(roleGrantTable.userId, userId)),
  };
}

const whole = { nickname: '小芳', avatarUrl: '/a.png', addresses: 1, identities: 1, roles: 1 };

describe('a person', () => {
  let users: UserUnderTest;
  beforeAll(async () => {
    users = await startUser();
  });
  afterAll(() => users.close());

  test.each([
    ['addresses', [2], { addresses: 0 }],
    ['nickname and avatar', [6], { nickname: null, avatarUrl: null }],
    ['the nickname of the keyboard', [19], { nickname: null }],
    ['the chosen avatar', [20], { avatarUrl: null }],
    ['all of these', [6, 2], { nickname: null, avatarUrl: null, addresses: 0 }],
    ['the phone number and the location, which are not stored', [8, 13], {}],
  ])('who takes back %s loses that, and nothing else', async (what, revokeInfo, change) => {
    const userId = await makePerson(users, `o-${what}`);
    expect(await forget(users, { eventId: `e-${what}`, openid: `o-${what}`, revokeInfo })).toEqual(done);
    expect(await stored(users, userId)).toEqual({ ...whole, ...change });
  });

  test('who closes the account leaves a user without a name, and comes back as another', async () => {
    const userId = await makePerson(users, 'o-closed');
    expect(await forget(users, { eventId: 'e-closed', openid: 'o-closed', everything: true })).toEqual(done);
    expect(await stored(users, userId)).toEqual({
      ...{ nickname: null, avatarUrl: null, addresses: 0, identities: 0, roles: 1 },
    });
    expect(await users.register({ openid: 'o-closed' })).toEqual({
      userId: expect.not.stringMatching(userId),
      roles: ['USER'],
    });
  });

  test('who closes the account in one app can still log in to the other', async () => {
    const userId = await makePerson(users, 'o-two-here', 'two');
    await users.register({ appId: 'wx-other', openid: 'o-two-there', unionid: 'two' });
    await forget(users, { eventId: 'e-two', openid: 'o-two-here', everything: true });

    expect(await stored(users, userId)).toMatchObject({ nickname: null, addresses: 0, identities: 1 });
    expect(await users.register({ appId: 'wx-other', openid: 'o-two-there' })).toEqual({
      userId,
      roles: ['USER'],
    });
  });

  test('an event that comes again takes nothing that was given since', async () => {
    const userId = await makePerson(users, 'o-again');
    const event = { eventId: 'e-again', openid: 'o-again', revokeInfo: [2, 6] };
    await forget(users, event);
    await give(users, userId);

    expect(await forget(users, event)).toEqual(done);
    expect(await stored(users, userId)).toEqual(whole);
    await forget(users, { ...event, eventId: 'e-another' });
    expect(await stored(users, userId)).toMatchObject({ nickname: null, addresses: 0 });
  });

  test('nobody is found behind an identity that is not known, and that is no error', async () => {
    expect(await forget(users, { eventId: 'e-nobody', openid: 'o-nobody', everything: true })).toEqual(done);
  });

  test.each([
    ['a guest', guest],
    ['the person', user('u-0003')],
    ['SUPER', user('u-0001', ['USER', 'ADMIN', 'SUPER'], ['user:read', 'role:grant'])],
  ])('is forgotten when the gateway says so, not %s', async (who, caller) => {
    const event = { eventId: `e-by-${who}`, openid: 'o-sim-user', everything: true };
    expect(await forget(users, event, caller)).toEqual({
      data: null,
      errors: [{ message: 'Only other services may do this.', code: 'FORBIDDEN' }],
    });
    expect(await stored(users, 'u-0003')).toMatchObject({ identities: 1 });
  });
});

describeWith('postgres', 'on Postgres', (serverUrl) => {
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

  test('one event 20 times at once, with a login beside each, has its effect once', async () => {
    const userId = await makePerson(users, 'o-rush');
    const event = { eventId: 'e-rush', openid: 'o-rush', everything: true };
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => [
        await forget(users, event),
        await users.register({ openid: 'o-rush' }),
      ]),
    );
    expect(answers.map(([forgotten]) => forgotten)).toEqual(answers.map(() => done));
    expect(await stored(users, userId)).toMatchObject({ nickname: null, addresses: 0, identities: 0 });
    const rows = await users.tables
      .select()
      .from(wechatIdentityTable)
      .where(and(eq(wechatIdentityTable.openid, 'o-rush'), eq(wechatIdentityTable.appId, appId)));
    expect(rows).toHaveLength(1);
  });
});
