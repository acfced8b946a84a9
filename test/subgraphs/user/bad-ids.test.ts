/** Ids, cursors and texts that no database should be asked for. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { badCursorRefusal, badCursors, badIdRefusal, badIds } from '../../support/bad-ids.ts';
import { user } from '../../support/subgraph-call.ts';
import { startUser, type UserUnderTest } from './start-user.ts';

let users: UserUnderTest;
beforeAll(async () => {
  users = await startUser();
});
afterAll(() => users.close());

const caller = user('u-0001', ['USER', 'ADMIN', 'SUPER'], ['user:read', 'role:grant']);

test.each([
  ['grantRole', 'mutation ($id: ID!) { grantRole(userId: $id, role: ADMIN) { __typename } }'],
  [
    'a User by reference',
    'query ($id: ID!) { _entities(representations: [{ __typename: "User", id: $id }]) { __typename } }',
  ],
])('%s refuses them, without a statement', async (_, query) => {
  const statements = await users.tablesRead(async () => {
    for (const id of badIds) {
      expect((await users.call({ caller, query, variables: { id } })).errors).toEqual([badIdRefusal]);
    }
  });

  expect(statements).toEqual([]);
});

test('users refuses such cursors', async () => {
  const query = 'query ($after: String) { users(after: $after) { nodes { id } } }';

  for (const after of badCursors) {
    expect((await users.call({ caller, query, variables: { after } })).errors).toEqual([badCursorRefusal]);
  }
});

test.each(['a\0b', '\ud800'])('the nickname %j is refused', async (nickname) => {
  const query = 'mutation ($nickname: String) { updateProfile(input: { nickname: $nickname }) { id } }';

  expect((await users.call({ caller, query, variables: { nickname } })).errors).toEqual([
    { message: '"nickname" must be of 1 to 32 characters.', code: 'BAD_USER_INPUT' },
  ]);
});
