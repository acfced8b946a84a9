/** What people see of users, and what reading costs the database. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guest, service, user } from '../../support/subgraph-call.ts';
import { startUser, type UserUnderTest } from './start-user.ts';

const shopper = user('u-0003');
const otherShopper = user('u-0005');
const admin = user('u-0002', ['USER', 'ADMIN'], ['user:read']);
const superUser = user('u-0001', ['USER', 'ADMIN', 'SUPER'], ['user:read', 'role:grant']);

const unauthenticated = { message: 'Log in first.', code: 'UNAUTHENTICATED' };
const notYours = { message: 'Only the user and administrators may see this.', code: 'FORBIDDEN' };

let users: UserUnderTest;
beforeAll(async () => {
  users = await startUser();
});
afterAll(() => users.close());

describe('me', () => {
  test('is the person asking, with addresses and roles', async () => {
    const query = `{ me {
      id nickname avatarUrl createdAt roles
      addresses { id recipient phone province city district detail }
    } }`;

    expect(await users.call({ caller: shopper, query })).toEqual({
      data: {
        me: {
          id: 'u-0003',
          nickname: '阿青爱喝茶',
          avatarUrl: null,
          createdAt: '2026-01-03T02:00:00.000Z',
          roles: ['USER'],
          addresses: [
            {
              id: 'a-0003-1',
              recipient: '陈青',
              phone: '13900000003',
              province: '江苏省',
              city: '苏州市',
              district: '姑苏区',
              detail: '平江路12号3室',
            },
          ],
        },
      },
    });
  });

  test.each([
    ['a guest', guest],
    ['a service', service],
  ])('is nobody for %s', async (_, caller) => {
    expect(await users.call({ caller, query: '{ me { id } }' })).toEqual({
      data: { me: null },
      errors: [unauthenticated],
    });
  });

  test('is null when the session outlives the user', async () => {
    expect(await users.call({ caller: user('u-gone'), query: '{ me { id } }' })).toEqual({
      data: { me: null },
    });
  });
});

describe('every user', () => {
  const ids = (from: number, to: number) =>
    Array.from({ length: from - to + 1 }, (_, i) => `u-${String(from - i).padStart(4, '0')}`);

  test('is listed in pages, newest first, for those with the permission', async () => {
    const query = `query ($after: String) {
      users(first: 30, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } }
    }`;
    const first = await users.call({ caller: admin, query });
    const { endCursor } = (first.data as { users: { pageInfo: { endCursor: string } } }).users.pageInfo;
    const second = await users.call({ caller: admin, query, variables: { after: endCursor } });

    const page = (from: number, to: number, hasNextPage: boolean) => ({
      data: {
        users: {
          nodes: ids(from, to).map((id) => ({ id })),
          pageInfo: { hasNextPage, endCursor: expect.any(String) },
        },
      },
    });
    expect([first, second]).toEqual([page(50, 21, true), page(20, 1, false)]);
  });

  test.each([
    ['a guest', guest, unauthenticated],
    ['a service', service, unauthenticated],
    ['a shopper', shopper, { message: 'This needs the permission user:read.', code: 'FORBIDDEN' }],
  ])('is not listed for %s', async (_, caller, error) => {
    expect(await users.call({ caller, query: '{ users { nodes { id } } }' })).toEqual({
      data: null,
      errors: [error],
    });
  });

  test('with addresses and roles costs one statement per table', async () => {
    const query = '{ users(first: 50) { nodes { nickname addresses { city } roles } } }';

    expect((await users.tablesRead(() => users.call({ caller: admin, query }))).toSorted()).toEqual([
      'address',
      'role_grant',
      'user',
    ]);
  });
});

describe('a user as entity', () => {
  const entities = (fields: string, ...ids: string[]) => `{
    _entities(representations: [${ids.map((id) => `{ __typename: "User", id: "${id}" }`).join(' ')}]) {
      ... on User { ${fields} }
    }
  }`;

  test('50 of them are one statement, and unknown ones are null', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `u-${String(i + 2).padStart(4, '0')}`);
    const query = entities('id', ...ids);

    expect(await users.tablesRead(() => users.call({ caller: guest, query }))).toEqual(['user']);
    expect(await users.call({ caller: guest, query })).toEqual({
      data: { _entities: ids.map((id) => (id === 'u-0051' ? null : { id })) },
    });
  });

  test.each(['addresses { id }', 'roles'])('%s are hidden from others', async (field) => {
    const query = entities(`nickname ${field}`, 'u-0003');

    for (const caller of [guest, service, otherShopper])
      expect(await users.call({ caller, query })).toEqual({
        data: { _entities: [null] },
        errors: [notYours],
      });
    for (const caller of [shopper, admin, superUser])
      expect(await users.call({ caller, query })).toEqual({
        data: { _entities: [expect.objectContaining({ nickname: '阿青爱喝茶' })] },
      });
  });
});
