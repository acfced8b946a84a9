/** Subgraphs as programs of their own: how they refuse to start, start side by side, and end. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createPostgresDatabase } from '../../support/postgres-database.ts';
import { type ProgramResult, type RunningProgram, startProgram } from '../../support/run-program.ts';
import { describeWith } from '../../support/services.ts';
import { internalKey } from '../../support/subgraph-call.ts';

const settings = { PORT: '0', MINIGATE_INTERNAL_KEY: internalKey };

const start = (name: string, environment: Record<string, string>) =>
  startProgram([`subgraphs/${name}/main.ts`], environment);

async function stop(program: RunningProgram, signal: NodeJS.Signals = 'SIGTERM'): Promise<ProgramResult> {
  program.process.kill(signal);
  return program.ended;
}

describe('a program that cannot start says why in one line', () => {
  const refused = (stderr: string) => ({ exitCode: 1, stdout: '', stderr });

  test('when settings are bad: all of them at once', async () => {
    const environment = { PORT: '99999', MINIGATE_INTERNAL_KEY: 'short', DATABASE_URL: 'mysql://x' };

    expect(await start('user', environment).ended).toEqual(
      refused(
        'user subgraph: PORT must be from 0 to 65535; DATABASE_URL must begin with postgres://; ' +
          'MINIGATE_INTERNAL_KEY must be of 32 characters or more\n',
      ),
    );
  });

  test('when the key is missing', async () => {
    expect(await start('product', {}).ended).toEqual(
      refused(
        'product subgraph: MINIGATE_INTERNAL_KEY is missing; ' +
          'give the gateway and every subgraph the same 32 characters or more\n',
      ),
    );
  });

  test('when the database does not answer, without its password', async () => {
    const environment = { ...settings, DATABASE_URL: 'postgres://shop:secret@127.0.0.1:1/shop' };

    expect(await start('user', environment).ended).toEqual(
      refused(
        'user subgraph: The database at postgres://shop@127.0.0.1:1/shop does not answer. ' +
          'Start it, or unset DATABASE_URL to use the embedded one. (connect ECONNREFUSED 127.0.0.1:1)\n',
      ),
    );
  });

  test('when the port is in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };

    expect(await start('user', { ...settings, PORT: String(port) }).ended).toEqual(
      refused(`user subgraph: 127.0.0.1:${port} is in use; set PORT to a free one.\n`),
    );
    holder.close();
  });
});

test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])('%s ends a program cleanly', async (signal) => {
  const program = start('product', settings);
  await program.waitFor('ready');

  expect(await stop(program, signal)).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/^product subgraph ready at http:\/\/127\.0\.0\.1:\d+\/graphql\n$/),
    stderr: '',
  });
});

describeWith('postgres', 'two programs that start at once', (serverUrl) => {
  test.each([
    [
      'product',
      'select (select count(*) from product.product)::int as "rows", (select count(*) from product.__drizzle_migrations)::int as migrations',
      { rows: 200, migrations: 3 },
    ],
    [
      'user',
      'select (select count(*) from users."user")::int as "rows", (select count(*) from users.__drizzle_migrations)::int as migrations',
      { rows: 50, migrations: 3 },
    ],
  ])('on one empty database make and fill the tables of %s once', async (name, query, expected) => {
    const database = await createPostgresDatabase(serverUrl);
    const programs = [1, 2].map(() => start(name, { ...settings, DATABASE_URL: database.url }));
    try {
      await Promise.all(programs.map((program) => program.waitFor(' ready at ')));
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const { rows } = await client.query(query);
      await client.end();

      expect(rows).toEqual([expected]);
    } finally {
      await Promise.all(programs.map((program) => stop(program)));
      await database.drop();
    }
  });
});
