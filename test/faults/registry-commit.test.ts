/** The connection to the registry's Postgres breaks at the commit of a publish: nobody is told that nothing has changed. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type RegistryWorld, startRegistryWorld } from '../registry/registry-world.ts';
import { type CutPostgres, startCutPostgres } from '../support/cut-postgres.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../support/postgres-database.ts';
import { startProgram } from '../support/run-program.ts';
import { describeWith } from '../support/services.ts';

// A publish checks in a process of its own.
vi.setConfig({ testTimeout: 60_000 });

const cli = fileURLToPath(new URL('../../registry/cli/main.ts', import.meta.url));

describeWith('postgres', 'B-36 a connection that breaks at the commit', (serverUrl) => {
  let postgres: PostgresDatabase;
  let cut: CutPostgres;
  let world: RegistryWorld;
  let token: string;

  beforeAll(async () => {
    postgres = await createPostgresDatabase(serverUrl);
    cut = await startCutPostgres(postgres.url);
    world = await startRegistryWorld({}, { url: cut.url });
    token = await world.token('owner', ['greeting']);
  }, 60_000);

  afterAll(async () => {
    await world?.close();
    await cut?.close();
    await postgres?.drop();
  });

  const publish = async (field: string) => {
    const { body } = await world.publish(token, 'greeting', `type Query { ${field}: String }`, {
      force: true,
    });
    return body.ok ? [body.data.sequence, body.data.changed] : body.error;
  };
  const unknown = {
    code: 'OUTCOME_UNKNOWN',
    message: 'The database did not answer whether the change was written.',
  };

  test('B-36 a commit that the database never had is made by repeating', async () => {
    cut.cutNextCommit('before');
    expect(await publish('one')).toEqual(unknown);
    expect(await publish('one')).toEqual([1, true]);
  });

  test('B-36 a commit whose answer is lost was made, and repeating makes no other', async () => {
    cut.cutNextCommit('after');
    expect(await publish('two')).toEqual(unknown);
    expect(await publish('two')).toEqual([2, false]);
  });

  test.each([
    ['en_US.UTF-8', 'Repeat: that is safe in either case.'],
    ['zh_CN.UTF-8', '提交时与数据库的连接中断：更改已全部写入，或完全未写入。请重试，重复执行是安全的。'],
  ])('B-36 the command says so in %s', async (LANG, remedy) => {
    cut.cutNextCommit('after');
    const program = startProgram([cli, 'subgraph', 'publish', 'greeting', '--schema', '-', '--force'], {
      ...{ MINIGATE_REGISTRY: world.url, MINIGATE_TOKEN: token, LANG },
    });
    program.process.stdin?.end(`type Query { ${LANG.slice(0, 2)}: String }`);
    const { exitCode, stderr } = await program.ended;
    const said = stderr.replaceAll(/^.* … .*\n/gm, '');
    expect([exitCode, said]).toEqual([2, `${unknown.code}: ${unknown.message}\n${remedy}\n`]);
  });
});
