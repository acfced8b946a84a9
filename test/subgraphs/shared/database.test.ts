/** Databases that several programs bring up to date and fill at the same moment. */
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seedProducts } from '../../../subgraphs/product/seed/seed-products.ts';
import {
  type DatabaseServer,
  DatabaseUnavailableError,
  openDatabase,
} from '../../../subgraphs/shared/database.ts';
import { seedUsers } from '../../../subgraphs/user/seed/seed-users.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../../support/postgres-database.ts';
import { describeWith } from '../../support/services.ts';

const product = { schema: 'product', folder: migrationsOf('product') };
const users = { schema: 'users', folder: migrationsOf('user') };

function migrationsOf(subgraph: string): string {
  return fileURLToPath(new URL(`../../../subgraphs/${subgraph}/migrations`, import.meta.url));
}

const countOf = async (server: DatabaseServer, table: string) => {
  const answer = await server.connect().execute(sql.raw(`select count(*)::int as rows from ${table}`));
  return (answer as unknown as { rows: { rows: number }[] }).rows[0]?.rows;
};

describeWith('postgres', 'eight programs on one empty database', (serverUrl) => {
  let postgres: PostgresDatabase;
  let servers: DatabaseServer[];

  beforeEach(async () => {
    postgres = await createPostgresDatabase(serverUrl);
    servers = await Promise.all(Array.from({ length: 8 }, () => openDatabase({ url: postgres.url })));
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    await postgres.drop();
  });

  test.each([
    ['product', product, 3],
    ['users', users, 3],
  ])('run each migration of %s once', async (schema, migrations, count) => {
    await Promise.all(servers.map((server) => server.migrate(migrations)));

    const [first] = servers;
    expect(first && (await countOf(first, `${schema}.__drizzle_migrations`))).toBe(count);
  });

  test.each([
    ['products', product, seedProducts, 'product.product', 200],
    ['users', users, seedUsers, 'users."user"', 50],
  ])('seed the %s once', async (_, migrations, seed, table, count) => {
    const [first] = servers;
    await first?.migrate(migrations);

    await Promise.all(servers.map((server) => seed(server.connect())));

    expect(first && (await countOf(first, table))).toBe(count);
  });
});

describeWith('postgres', 'a Postgres without the database asked for', (serverUrl) => {
  test('is named with its answer, without its password', async () => {
    const url = new URL('/minigate_absent', serverUrl);
    const shown = url.toString();
    url.password = 'secret';

    await expect(openDatabase({ url: url.toString() })).rejects.toEqual(
      new DatabaseUnavailableError(
        `The database at ${shown} refuses: database "minigate_absent" does not exist. Correct DATABASE_URL, or unset it to use the embedded one.`,
      ),
    );
  });
});

describe('a folder for the embedded database', () => {
  test('that cannot be made is named, with the reason', async () => {
    const file = fileURLToPath(import.meta.url);

    await expect(openDatabase({ dataDir: `${file}/data` })).rejects.toEqual(
      new DatabaseUnavailableError(
        `The embedded database in ${file}/data cannot be opened: ENOTDIR: not a directory, mkdir '${file}/data'. Choose another folder by DATA_DIR, or remove this one to start afresh.`,
      ),
    );
  });
});

describe('a database that is not there', () => {
  test('is named without its password, with what to do', async () => {
    await expect(openDatabase({ url: 'postgres://shop:secret@127.0.0.1:1/shop' })).rejects.toEqual(
      new DatabaseUnavailableError(
        'The database at postgres://shop@127.0.0.1:1/shop does not answer. Start it, or unset DATABASE_URL to use the embedded one.',
      ),
    );
  });
});
