import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { unknownCoordinates } from '../../../gateway/access/check-policy.ts';
import { loadPolicy } from '../../../gateway/access/load-policy.ts';

const shop = 'gateway/access/rules.ts';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'minigate-policy-'));
});

async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('roles and permissions as data', () => {
  test('take the place of those of the policy', async () => {
    const file = await written(
      'access.yaml',
      `
       roles:
         USER: { level: 1 }
         CLERK: { level: 2, permissions: ['order:write'] }
       permissions:
         'order:write': [Mutation.advanceOrder, Order, 'OrderLine.*']
      `,
    );
    const { roles, permissions } = await loadPolicy({ policy: shop, file });
    expect({ roles, permissions }).toEqual({
      roles: { USER: { level: 1, permissions: [] }, CLERK: { level: 2, permissions: ['order:write'] } },
      permissions: { 'order:write': ['Mutation.advanceOrder', 'Order', 'OrderLine.*'] },
    });
  });

  test('are refused with every problem and its path', async () => {
    const file = await written(
      'broken.json',
      '{ "roles": { "USER": { "level": 0, "scopes": [] } }, "permissions": { "a b": ["Query..me"] } }',
    );
    await expect(loadPolicy({ policy: shop, file })).rejects.toThrow(
      /roles\.USER\.level: .*\n {2}roles\.USER: .*"scopes"[\s\S]*permissions/,
    );
  });

  test.each([
    [
      'a role that a rule names is missing',
      'roles: { CLERK: { level: 1, permissions: [a] } }\npermissions: {}',
      'the role USER',
    ],
    [
      'a permission that coordinates need is in no role',
      'permissions: { "order:refund": [Mutation.refund] }',
      'the permission order:refund',
    ],
  ])('are refused where %s', async (_name, text, named) => {
    const file = await written('lacking.yaml', text);
    await expect(loadPolicy({ policy: shop, file })).rejects.toThrow(
      `The policy names ${named}, which none of its roles is or brings.`,
    );
  });
});

test('what is no rule is found where it stands', async () => {
  const policy = await written(
    'misspelt.mjs',
    'export const roles = {}; export const rules = { Query: { me: undefined, you: "allow" }, User: null };',
  );
  await expect(loadPolicy({ policy })).rejects.toThrow(
    'has something other than a rule at Query.me, Query.you, User.',
  );
});

test('every type and field that rules and permissions name must be in the schema', async () => {
  const { allow } = await import('../../../gateway/access/shield.ts');
  const schema = buildSchema('type Query { me: User } type User { id: ID } union Any = User scalar Date');
  const rules = { Query: { '*': allow, you: allow }, Ghost: { name: allow }, Any: allow, Date: allow };
  const permissions = { p: ['User', 'User.*', 'User.name', 'Any.id', 'Spirit.*'] };
  expect(unknownCoordinates({ rules, permissions, roles: {}, policies: {} }, schema)).toEqual([
    'Query.you',
    'Ghost',
    'Date',
    'User.name',
    'Any.id',
    'Spirit',
  ]);
});
