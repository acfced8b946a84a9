/** What people change of users: profile, addresses, roles. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guest, user } from '../../support/subgraph-call.ts';
import { startUser, type UserUnderTest } from './start-user.ts';

const admin = user('u-0002', ['USER', 'ADMIN'], ['user:read']);
const superUser = user('u-0001', ['USER', 'ADMIN', 'SUPER'], ['user:read', 'role:grant']);

const unauthenticated = { message: 'Log in first.', code: 'UNAUTHENTICATED' };

let users: UserUnderTest;
beforeAll(async () => {
  users = await startUser();
});
afterAll(() => users.close());

describe('updating a profile', () => {
  const update = (input: Record<string, unknown>, caller = user('u-0010')) =>
    users.call({
      caller,
      query:
        'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { id nickname avatarUrl } }',
      variables: { input },
    });
  const profile = (nickname: string | null, avatarUrl: string | null) => ({
    data: { updateProfile: { id: 'u-0010', nickname, avatarUrl } },
  });

  test('changes what is given, keeps the rest, and null removes', async () => {
    expect(await update({ nickname: '  茶客  ', avatarUrl: 'https://img.example.com/a.png' })).toEqual(
      profile('茶客', 'https://img.example.com/a.png'),
    );
    expect(await update({ avatarUrl: '/avatars/10.png' })).toEqual(profile('茶客', '/avatars/10.png'));
    expect(await update({})).toEqual(profile('茶客', '/avatars/10.png'));
    expect(await update({ nickname: null, avatarUrl: null })).toEqual(profile(null, null));
  });

  test('takes a nickname of 32 characters, whatever they are made of', async () => {
    expect(await update({ nickname: '🍵'.repeat(32) })).toEqual(profile('🍵'.repeat(32), null));
  });

  test.each(['', '   ', '茶'.repeat(33), 'a\0b'])('refuses the nickname %j', async (nickname) => {
    expect(await update({ nickname })).toEqual({
      data: null,
      errors: [{ message: '"nickname" must be of 1 to 32 characters.', code: 'BAD_USER_INPUT' }],
    });
  });

  test.each([
    ['turned around', '\u202egnp.exe'],
    ['turned around within', 'a\u2067b'],
    ['with an escape sequence', '\u001b[2Jroot'],
    ['of 900 KB', '茶'.repeat(300_000)],
  ])('W-16 refuses a nickname %s', async (_what, nickname) => {
    expect(await update({ nickname })).toMatchObject({ data: null, errors: [{ code: 'BAD_USER_INPUT' }] });
  });

  test.each(['<script>alert(1)</script>', '👨‍👩‍👧‍👦', 'نور', '"><img src=x>'])(
    'W-16 keeps the nickname %s as the text it is',
    async (nickname) => {
      expect(await update({ nickname })).toEqual(profile(nickname, null));
    },
  );

  test.each([
    '',
    'http://img.example.com/a.png',
    '//img.example.com/a.png',
    '/\\img.example.com/a.png',
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
    'https://someone:secret@img.example.com/',
    'https:/img.example.com/a.png',
    '/avatars/a b.png',
    `/${'a'.repeat(2048)}`,
  ])('refuses the avatar %j', async (avatarUrl) => {
    expect(await update({ avatarUrl })).toEqual({
      data: null,
      errors: [{ message: '"avatarUrl" must be an https or a relative address.', code: 'BAD_USER_INPUT' }],
    });
  });

  test('needs a user who is still there', async () => {
    expect(await update({ nickname: 'x' }, guest)).toEqual({ data: null, errors: [unauthenticated] });
    expect(await update({ nickname: 'x' }, user('u-gone'))).toEqual({
      data: null,
      errors: [{ message: 'Log in again.', code: 'UNAUTHENTICATED' }],
    });
  });
});

describe('adding an address', () => {
  const home = {
    recipient: '孙阳',
    phone: '+86 139-0000-0000',
    province: '山东省',
    city: '青岛市',
    district: '市南区',
    detail: '香港中路40号',
  };
  const add = (caller: Parameters<typeof users.call>[0]['caller'], change: Partial<typeof home> = {}) =>
    users.call({
      caller,
      query: `mutation ($input: AddressInput!) {
        addAddress(input: $input) { id recipient phone province city district detail }
      }`,
      variables: { input: { ...home, ...change } },
    });

  test('puts it after those that the user has', async () => {
    expect(await add(user('u-0015'))).toEqual({
      data: { addAddress: { id: expect.stringMatching(/^a-[0-9a-f]{28}$/), ...home } },
    });
    expect(await users.call({ caller: user('u-0015'), query: '{ me { addresses { detail } } }' })).toEqual({
      data: { me: { addresses: [{ detail: '香港中路40号' }, { detail: '香港中路40号' }] } },
    });
  });

  test.each([
    [{ recipient: ' ' }, '"recipient" must be of 1 to 64 characters.'],
    [{ detail: 'x'.repeat(201) }, '"detail" must be of 1 to 200 characters.'],
    [{ phone: 'call me' }, '"phone" must be a telephone number.'],
  ])('refuses %j', async (change, message) => {
    expect(await add(user('u-0016'), change)).toEqual({
      data: null,
      errors: [{ message, code: 'BAD_USER_INPUT' }],
    });
  });

  test('ends at 20 of one user', async () => {
    for (let count = 2; count <= 20; count++) await add(user('u-0017'));

    expect(await add(user('u-0017'))).toEqual({
      data: null,
      errors: [{ message: 'There can be at most 20 addresses.', code: 'BAD_USER_INPUT' }],
    });
  });

  test('needs a user', async () => {
    expect(await add(guest)).toEqual({ data: null, errors: [unauthenticated] });
  });
});

describe('granting a role', () => {
  const grant = (userId: string, role: string, caller = superUser) =>
    users.call({
      caller,
      query: `mutation ($userId: ID!, $role: Role!) {
        grantRole(userId: $userId, role: $role) { __typename ... on User { id roles } ... on UnknownUser { message userId } }
      }`,
      variables: { userId, role },
    });

  test('gives it with those below it, and takes none away', async () => {
    const granted = (roles: string[]) => ({
      data: { grantRole: { __typename: 'User', id: 'u-0020', roles } },
    });

    expect(await grant('u-0020', 'ADMIN')).toEqual(granted(['USER', 'ADMIN']));
    expect(await grant('u-0020', 'USER')).toEqual(granted(['USER', 'ADMIN']));
    expect(await grant('u-0020', 'SUPER')).toEqual(granted(['USER', 'ADMIN', 'SUPER']));
  });

  test('to nobody is an answer, not an error', async () => {
    expect(await grant('u-9999', 'ADMIN')).toEqual({
      data: { grantRole: { __typename: 'UnknownUser', message: 'There is no such user.', userId: 'u-9999' } },
    });
  });

  test('needs the permission', async () => {
    expect(await grant('u-0021', 'SUPER', admin)).toEqual({
      data: null,
      errors: [{ message: 'This needs the permission role:grant.', code: 'FORBIDDEN' }],
    });
    expect(await users.call({ caller: user('u-0021'), query: '{ me { roles } }' })).toEqual({
      data: { me: { roles: ['USER'] } },
    });
  });
});
