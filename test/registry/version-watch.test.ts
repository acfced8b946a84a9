import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { watchVersions } from '../../registry/store/version-watch.ts';
import type { DatabaseOptions } from '../../subgraphs/shared/database.ts';
import { createPostgresDatabase, type PostgresDatabase } from '../support/postgres-database.ts';
import { describeWith } from '../support/services.ts';
import { adminToken, people, type RegistryWorld, startRegistryWorld } from './registry-world.ts';

// Shorter than what a registry looks by itself after, in these tests, and than a question may be held.
vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 });
const hearingAlone = { versionLookMs: 600_000 };
const held = 'wait=30';

const bundlePath = '/v1/environments/dev/bundle';

/** As gateways ask: the sequence of the next version, whatever is said in between. */
async function nextAfter(world: RegistryWorld, token: string, sequence: number): Promise<string> {
  const etag = `"dev-${sequence}"`;
  const answer = await ask(world, token, { 'if-none-match': etag, prefer: held });
  return answer.status === 304 ? nextAfter(world, token, sequence) : (answer.headers.get('etag') ?? '');
}

async function ask({ url }: RegistryWorld, token: string, headers: Record<string, string>) {
  const answer = await fetch(`${url}${bundlePath}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  await answer.arrayBuffer();
  return answer;
}

const withFields = (fields: string): string => people.replace('me: Person', `me: Person ${fields}`);

/** Whether it is still open after one that does not wait. */
async function isHeld(world: RegistryWorld, token: string, question: Promise<unknown>): Promise<boolean> {
  await ask(world, token, {});
  return Promise.race([question.then(() => false), Promise.resolve(true)]);
}

describeWith('postgres', 'two registries on one Postgres', (serverUrl) => {
  let postgres: PostgresDatabase;
  let [here, there]: RegistryWorld[] = [];
  let [owner, gateway] = ['', ''];

  beforeAll(async () => {
    postgres = await createPostgresDatabase(serverUrl);
    const options: DatabaseOptions = { url: postgres.url };
    here = await startRegistryWorld({}, options, hearingAlone);
    there = await startRegistryWorld({}, options, hearingAlone);
    owner = await here.token('owner', ['people']);
    gateway = await here.token('gateway', []);
    await here.publish(owner, 'people', people);
  });
  afterAll(async () => {
    await Promise.all([here?.close(), there?.close()]);
    await postgres?.drop();
  });

  test('a question that waits at one is answered as soon as a team publishes at the other', async () => {
    const next = nextAfter(there as RegistryWorld, gateway, 1);
    // Another version of another environment is nothing to it.
    const trial = await (here as RegistryWorld).token('owner', ['people'], 'trial');
    const path = '/v1/environments/trial/subgraphs/people/publish';
    const body = { sdl: people, routingUrl: 'http://people.test/graphql' };
    expect((await here?.call(trial, 'POST', path, body))?.status).toBe(200);
    expect(await isHeld(there as RegistryWorld, gateway, next)).toBe(true);
    expect((await here?.publish(owner, 'people', withFields('first: Int')))?.status).toBe(200);
    expect(await next).toBe('"dev-2"');
  });

  test('a registry whose connection breaks listens anew', async () => {
    const next = nextAfter(there as RegistryWorld, gateway, 2);
    const client = new pg.Client(postgres.url);
    await client.connect();
    const listening = `from pg_stat_activity where datname = current_database() and query ilike 'listen %'`;
    const cut = await client.query(`select pg_terminate_backend(pid) ${listening}`);
    expect(cut.rowCount).toBe(2);
    await vi.waitFor(
      async () => expect((await client.query(`select ${listening}`)).rowCount).toBe(2),
      10_000,
    );
    await client.end();
    expect((await here?.publish(owner, 'people', withFields('first: Int second: Int')))?.status).toBe(200);
    expect(await next).toBe('"dev-3"');
  });
});

test('in one process, with the database that is embedded, it is the same; and what had come before is not waited for', async () => {
  const world = await startRegistryWorld({}, {}, hearingAlone);
  const owner = await world.token('owner', ['people']);
  const gateway = await world.token('gateway', []);
  await world.publish(owner, 'people', people);
  const next = nextAfter(world, gateway, 1);
  await world.publish(owner, 'people', withFields('first: Int'));
  expect([await next, await nextAfter(world, gateway, 1)]).toEqual(['"dev-2"', '"dev-2"']);
  await world.close();
});

test('where NOTIFY is not heard a registry looks by itself', async () => {
  const world = await startRegistryWorld();
  const owner = await world.token('owner', ['people']);
  await world.publish(owner, 'people', people);
  const deaf = { ...world.database, listen: async () => async () => {} };
  const versions = await watchVersions(deaf, 20);
  const next = versions.next('dev', 1, 600_000, new AbortController().signal);
  await world.publish(owner, 'people', withFields('first: Int'));
  await next;
  await versions.close();
  await world.close();
});

test('nothing is held without a wish, without what is known, or for what was never published', async () => {
  const world = await startRegistryWorld({}, {}, hearingAlone);
  const owner = await world.token('owner', ['people']);
  const gateway = await world.token('gateway', []);
  const statusOf = async (headers: Record<string, string>) => (await ask(world, gateway, headers)).status;
  const etag = '"dev-1"';
  expect(await statusOf({ 'if-none-match': etag, prefer: held })).toBe(404);
  await world.publish(owner, 'people', people);
  expect([
    await statusOf({ 'if-none-match': etag }),
    await statusOf({ 'if-none-match': etag, prefer: 'wait=0, respond-async' }),
    await statusOf({ 'if-none-match': etag, prefer: 'await=30' }),
    await statusOf({ 'if-none-match': '"trial-1"', prefer: held }),
    await statusOf({ prefer: held }),
  ]).toEqual([304, 304, 304, 200, 200]);
  await world.close();
});

test('a token that is revoked while it waits gets nothing; a registry that ends lets all go', async () => {
  const world = await startRegistryWorld({}, {}, hearingAlone);
  const owner = await world.token('owner', ['people']);
  const [revoked, gateway] = [await world.token('gateway', []), await world.token('gateway', ['other'])];
  await world.publish(owner, 'people', people);
  const known = { 'if-none-match': '"dev-1"', prefer: held };
  const refused = ask(world, revoked, known);
  expect(await isHeld(world, gateway, refused)).toBe(true);
  await world.call(adminToken, 'POST', `/v1/tokens/${revoked.split('_')[1]}/revoke`);
  await world.publish(owner, 'people', withFields('first: Int'));
  expect((await refused).status).toBe(403);

  const last = ask(world, gateway, { ...known, 'if-none-match': '"dev-2"' });
  expect(await isHeld(world, gateway, last)).toBe(true);
  await world.close();
  expect((await last).status).toBe(304);
});
