/** The hand-written migrations make the tables that the code declares, and no others. */
import { fileURLToPath } from 'node:url';
import { is, sql } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as orderTables from '../../subgraphs/order/tables.ts';
import * as productTables from '../../subgraphs/product/tables.ts';
import { type DatabaseServer, openDatabase } from '../../subgraphs/shared/database.ts';
import * as userTables from '../../subgraphs/user/tables.ts';
import { createdTable, declaredTable } from '../support/describe-table.ts';

let database: DatabaseServer;
beforeAll(async () => {
  database = await openDatabase({});
});
afterAll(() => database.close());

describe.each([
  ['user', 'users', userTables],
  ['product', 'product', productTables],
  ['order', 'orders', orderTables],
])('of %s', (name, schema, exported) => {
  const tables = Object.values<unknown>(exported)
    .filter((value) => is(value, PgTable))
    .toSorted((a, b) => (getTableConfig(a).name < getTableConfig(b).name ? -1 : 1));
  beforeAll(async () => {
    const folder = fileURLToPath(new URL(`../../subgraphs/${name}/migrations`, import.meta.url));
    await database.migrate({ schema, folder });
  });

  test.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
    '%s is as the code declares it',
    async (_, table) => {
      expect(await createdTable(database.connect(), table)).toEqual(declaredTable(table));
    },
  );

  test('every table is declared', async () => {
    const statement = sql`select table_name as name from information_schema.tables
      where table_schema = ${schema} and table_name <> '__drizzle_migrations' order by table_name collate "C"`;
    const { rows } = (await database.connect().execute(statement)) as unknown as { rows: { name: string }[] };

    expect(rows.map(({ name }) => name)).toEqual(tables.map((table) => getTableConfig(table).name));
  });
});
