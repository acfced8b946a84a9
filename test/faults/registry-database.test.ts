/** The registry's Postgres is slow, exhausted, deadlocked or read-only: no change is made, gateways serve on, and it is over when it is over. */
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { withTimeouts } from '../../registry/store/with-timeouts.ts';
import { type RegistryWorld, startRegistryWorld } from '../registry/registry-world.ts';
import { type DeliveredGateway, startDeliveredGateway } from '../support/delivered-gateway.ts';
import { goodbye, greetingGraph, hello, toOperation } from '../support/greeting-graph.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../support/postgres-database.ts';
import { startProgram } from '../support/run-program.ts';
import { describeWith } from '../support/services.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

// A publish checks in a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const cli = fileURLToPath(new URL('../../registry/cli/main.ts', import.meta.url));
const lockMs = 1_500;
const connections = 3;

describeWith('postgres', 'B-36 the database of the registry in trouble', (serverUrl) => {
  let subgraph: TestSubgraph;
  let postgres: PostgresDatabase;
  let world: RegistryWorld;
  let gateway: DeliveredGateway;
  let token: string;
  /** Connections of the test, beside those of the registry. */
  let [one, other]: [pg.Client, pg.Client] = [new pg.Client(), new pg.Client()];

  beforeAll(async () => {
    postgres = await createPostgresDatabase(serverUrl);
    const limits = `lock_timeout=${lockMs}&options=-c%20deadlock_timeout%3D100`;
    world = await startRegistryWorld(
      { maxVanishingPercent: 100 },
      {
        url: withTimeouts(`${postgres.url}?${limits}`),
        ...{ maxConnections: connections, connectTimeoutMs: 2_000, maxConnectionAgeSeconds: 2 },
      },
    );
    [one, other] = [new pg.Client(postgres.url), new pg.Client(postgres.url)];
    await Promise.all([one.connect(), other.connect()]);
    subgraph = await startTestSubgraph(greetingGraph);
    token = await world.token('owner', ['greeting']);
    const manifest = {
      ...{ format: 'apollo-persisted-query-manifest', version: 1 },
      operations: [hello, goodbye].map(toOperation),
    };
    const client = await world.token('client', ['shop']);
    const operations = { client: 'shop', version: '1.0.0', manifest };
    expect((await publish('first')).status).toBe(200);
    await world.call(client, 'POST', '/v1/environments/dev/operations', operations);
    gateway = await startDeliveredGateway(
      { url: world.url, trust: { token: await world.token('gateway', []), publicKeys: [world.publicKey] } },
      { bundles: { timeoutMs: 5_000 }, config: { environment: 'dev' } },
    );
  }, 120_000);

  afterAll(async () => {
    await gateway?.close();
    await world?.close();
    await Promise.all([one.end(), other.end(), subgraph?.close()]);
    await postgres?.drop();
  });

  const publish = (field: string) =>
    world.publish(token, 'greeting', `type Query { hello: String goodbye: String ${field}: String }`, {
      routingUrl: subgraph.url,
    });
  const ready = async () => {
    const { status, body } = await world.call(undefined, 'GET', '/health/ready');
    return body.ok ? [status, body.data] : [status, body.error.code, body.error.message];
  };
  const command = async (field: string, language = 'en_US.UTF-8') => {
    const args = ['subgraph', 'publish', 'greeting', '--schema', '-'];
    const env = { MINIGATE_REGISTRY: world.url, MINIGATE_TOKEN: token, LANG: language };
    const program = startProgram([cli, ...args], env);
    program.process.stdin?.end(`type Query { hello: String goodbye: String ${field}: String }`);
    const { exitCode, stderr } = await program.ended;
    // Without the steps that a long check shows.
    return { exitCode, stderr: stderr.replaceAll(/^.* … .*\n/gm, '') };
  };
  const rows = async () => {
    const tables = ['supergraph_version', 'subgraph_publish', 'schema_version', 'audit', 'notice'];
    const counts = tables.map((table) => `(select count(*) from registry.${table})::int as ${table}`);
    return (await one.query(`select ${counts.join(', ')}`)).rows[0];
  };
  const waiting = async (table: string) => {
    const sql = 'select count(*)::int from pg_locks where not granted and relation = $1::regclass';
    return (await one.query(sql, [`registry.${table}`])).rows[0].count;
  };
  /** Of the registry, which keep the settings they began with; the one that listens never writes. */
  const countSessionsUntilNow = async () => {
    const pids: number[] = [];
    for (const client of [one, other])
      pids.push((await client.query('select pg_backend_pid() as pid')).rows[0].pid);
    const { rows } = await one.query('select clock_timestamp() as now');
    const sql = `select count(*)::int from pg_stat_activity where datname = current_database()
      and backend_type = 'client backend' and backend_start < $1 and pid <> all($2) and query !~* '^listen'`;
    return async () => (await one.query(sql, [rows[0].now, pids])).rows[0].count;
  };
  const served = () => gateway.ask(hello, { name: 'shop', version: '1.0.0' });
  const trouble = async () => (await gateway.inspect()).source.trouble;

  /** It takes changes again, and the gateway gets the next one. */
  async function expectRecovery(field: string): Promise<void> {
    await vi.waitFor(async () => expect((await publish(field)).status).toBe(200), { timeout: 10_000 });
    const { sequence } = (await world.call(token, 'GET', '/v1/environments/dev/supergraph')).body.data;
    await vi.waitFor(
      async () => expect(await gateway.inspect()).toMatchObject({ sequence, source: { kind: 'registry' } }),
      { timeout: 10_000 },
    );
    await vi.waitFor(async () => expect(await trouble()).toBeUndefined(), { timeout: 10_000 });
    expect(await ready()).toEqual([200, { database: 'ready' }]);
  }

  test('B-36 slow to write: a publish is given up in the midst of it, and nothing of it stays', async () => {
    const before = await rows();
    await one.query('begin; lock table registry.supergraph_version in exclusive mode');
    expect(await command('slow')).toEqual({
      exitCode: 2,
      stderr: 'STORE_UNAVAILABLE: The database took too long.\nRepeat when it is back.\n',
    });
    await one.query('rollback');
    expect(await rows()).toEqual(before);
    await expectRecovery('slow');
  });

  test('B-36 slow to read: the registry is alive and not ready, and gateways serve on', async () => {
    await one.query('begin; lock table registry.supergraph_version in access exclusive mode');
    expect(await ready()).toEqual([503, 'STORE_UNAVAILABLE', 'The database took too long.']);
    expect((await world.call(undefined, 'GET', '/health/live')).status).toBe(200);
    await vi.waitFor(async () => expect(await trouble()).toMatchObject({ code: 'REGISTRY_AWAY' }), 5_000);
    expect(await served()).toEqual({ hello: 'hello' });
    await one.query('rollback');
    await expectRecovery('fast');
  });

  test('B-36 without a free connection nothing is begun, and gateways serve on', async () => {
    const before = await rows();
    const held = Promise.withResolvers<void>();
    const database = world.database.connect();
    const begun: Promise<unknown>[] = [];
    const holding = Array.from({ length: connections }, () => {
      const taken = Promise.withResolvers<void>();
      begun.push(taken.promise);
      return database.transaction(async () => {
        taken.resolve();
        await held.promise;
      });
    });
    await vi.waitFor(() => Promise.all(begun));
    const noneFree = 'The database has no connection free, or does not answer.';
    expect(await command('full', 'zh_CN.UTF-8')).toEqual({
      exitCode: 2,
      stderr: `STORE_UNAVAILABLE: ${noneFree}\n数据库暂不可用，未做任何更改，请稍后重试。\n`,
    });
    expect(await ready()).toEqual([503, 'STORE_UNAVAILABLE', noneFree]);
    await vi.waitFor(async () => expect(await trouble()).toMatchObject({ code: 'REGISTRY_AWAY' }), 5_000);
    expect(await served()).toEqual({ hello: 'hello' });

    held.resolve();
    await Promise.all(holding);
    expect(await rows()).toEqual(before);
    await expectRecovery('free');
  });

  test('B-36 in a deadlock a publish gives way, whole', async () => {
    const before = await rows();
    // The publish holds its texts and waits for the version; who holds the log waits for the texts meanwhile.
    await one.query('begin; lock table registry.supergraph_version in exclusive mode');
    await other.query(
      `begin; set local deadlock_timeout = '1min'; lock table registry.audit in exclusive mode`,
    );
    const published = publish('deadlock');
    await vi.waitFor(async () => expect(await waiting('supergraph_version')).toBe(1), 10_000);
    const locked = other.query('lock table registry.schema_version in share mode');
    await vi.waitFor(async () => expect(await waiting('schema_version')).toBe(1), 10_000);
    await one.query('rollback');
    expect((await published).body.error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'The database gave the change up for another at the same time.',
    });
    await locked;
    await other.query('rollback');
    expect(await rows()).toEqual(before);
    await expectRecovery('deadlock');
  });

  test('B-36 read-only: bundles are delivered, nothing is published until it takes changes again', async () => {
    const before = await rows();
    const name = new URL(postgres.url).pathname.slice(1);
    const earlierSessions = await countSessionsUntilNow();
    await one.query(`alter database ${name} set default_transaction_read_only = on`);
    await vi.waitFor(async () => {
      expect([await earlierSessions(), await ready()]).toEqual([0, [200, { database: 'read-only' }]]);
    }, 10_000);
    expect(await command('readonly')).toEqual({
      exitCode: 2,
      stderr: 'STORE_UNAVAILABLE: The database is read-only.\nRepeat when it is back.\n',
    });
    const path = '/v1/environments/dev/subgraphs/greeting/check';
    const checked = await world.call(token, 'POST', path, { sdl: 'type Query { hello: Nothing }' });
    expect([checked.status, checked.body.data.report]).toEqual([
      200,
      expect.objectContaining({
        passed: false,
        problems: [expect.objectContaining({ code: 'COMPOSITION_FAILED' })],
        warnings: ['This failed check was not recorded: The database is read-only.'],
      }),
    ]);
    expect([await served(), await trouble()]).toEqual([{ hello: 'hello' }, undefined]);

    await one.query(`alter database ${name} reset default_transaction_read_only`);
    expect(await rows()).toEqual(before);
    await expectRecovery('writable');
  });
});
