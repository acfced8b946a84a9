/** The hand-written migrations make the tables that the code declares. */
import { fileURLToPath } from 'node:url';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DatabaseServer, openDatabase } from '../../../subgraphs/shared/database.ts';
import * as tables from '../../../subgraphs/user/tables.ts';
import { createdTable, declaredTable } from '../../support/describe-table.ts';

let database: DatabaseServer;
beforeAll(async () => {
  database = await openDatabase({});
  const folder = fileURLToPath(new URL('../../../subgraphs/user/migrations', import.meta.url));
  await database.migrate({ schema: 'users', folder });
});
afterAll(() => database.close());

const declared = Object.values<unknown>(tables).filter((value) => is(value, PgTable));

test.each(declared.map((table) => [getTableConfig(table).name, table] as const))(
  '%s is as the migrations make it',
  async (_, table) => {
    expect(await createdTable(database.connect(), table)).toEqual(declaredTable(table));
  },
);

test('every table is declared', () => {
  expect(declared.map((table) => getTableConfig(table).name).toSorted()).toEqual([
    'address',
    'role_grant',
    'user',
    'wechat_identity',
  ]);
});
