import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { readPublicKeys } from '../../registry/bundle/bundle-keys.ts';
import { openBundle } from '../../registry/bundle/open-bundle.ts';
import { createPostgresDatabase } from '../support/postgres-database.ts';
import { describeWith } from '../support/services.ts';
import { adminToken, notes, people, type RegistryWorld, startRegistryWorld } from './registry-world.ts';

// Each check is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const manifestOf = (...operations: { name: string; body: string; id: string }[]) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: operations.map((operation) => ({ ...operation, type: 'query' })),
});

const stories = (start: () => Promise<RegistryWorld>): void => {
  let world: RegistryWorld;
  let people1: string;
  let notes1: string;
  beforeAll(async () => {
    world = await start();
    people1 = await world.token('owner', ['people']);
    notes1 = await world.token('publisher', ['notes']);
  });
  afterAll(() => world.close());

  test('two teams publish, and each publish is the next version of the environment', async () => {
    const first = await world.publish(people1, 'people', people, { vcs: { author: 'Li', commit: 'abc' } });
    expect([first.status, first.body.data]).toMatchObject([
      200,
      { base: 0, sequence: 1, changed: true, created: true, report: { passed: true, problems: [] } },
    ]);
    const second = await world.publish(notes1, 'notes', notes);
    expect(second.body.data).toMatchObject({ base: 1, sequence: 2, created: true });
    const { body } = await world.call(notes1, 'GET', '/v1/environments/dev/subgraphs');
    expect(body.data.subgraphs.map(({ subgraph }: { subgraph: string }) => subgraph)).toEqual([
      'people',
      'notes',
    ]);
    const history = await world.call(notes1, 'GET', '/v1/environments/dev/supergraph/history');
    expect(
      history.body.data.versions.map((one: Record<string, unknown>) => [
        one.sequence,
        one.reason,
        one.subject,
        one.origin,
      ]),
    ).toMatchObject([
      [2, 'publish', 'notes', { actor: 'publisher-notes' }],
      [1, 'publish', 'people', { actor: 'owner-people', author: 'Li', commit: 'abc' }],
    ]);
  });

  test('publishing the same again changes nothing', async () => {
    const again = await world.publish(notes1, 'notes', notes);
    expect(again.body.data).toMatchObject({ sequence: 2, changed: false });
  });

  test('a check says what would change, in the words Breaking, Dangerous and Safe, and changes nothing', async () => {
    const sdl = people.replace('email: String', 'mail: String');
    const { status, body } = await world.call(
      people1,
      'POST',
      '/v1/environments/dev/subgraphs/people/check',
      { sdl },
    );
    expect([status, body.data]).toMatchObject([
      200,
      {
        base: 2,
        report: {
          passed: false,
          problems: [{ code: 'CLIENTS_UNKNOWN' }],
          changes: [
            { severity: 'Breaking', coordinate: 'Person.email', message: 'Person.email was removed.' },
            { severity: 'Safe', coordinate: 'Person.mail', message: 'Person.mail was added.' },
          ],
        },
      },
    ]);
    const { body: now } = await world.call(people1, 'GET', '/v1/environments/dev/supergraph');
    expect(now.data.sequence).toBe(2);
  });

  test('a change that breaks a version in use is refused by name, until that version ages out', async () => {
    const body = 'query Mails { people { email } }';
    const operation = { name: 'Mails', body, id: documentIdOf(body) };
    const { id } = operation;
    const client = await world.token('client', ['shop']);
    const registered = await world.call(client, 'POST', '/v1/environments/dev/operations', {
      client: 'shop',
      version: '1.0.0',
      manifest: manifestOf(operation),
    });
    expect(registered.body.data).toEqual({
      sequence: 3,
      changed: true,
      operations: [{ name: 'Mails', id, measure: { fetches: 1, cost: 10 } }],
    });
    const gateway = await world.token('gateway', []);
    const report = [
      {
        client: 'shop',
        version: '1.0.0',
        operations: [{ documentId: id, count: 12, lastSeenAt: new Date(world.clock).toISOString() }],
      },
    ];
    await world.call(gateway, 'POST', '/v1/environments/dev/usage', report);

    const sdl = people.replace('email: String', '');
    const refused = await world.publish(people1, 'people', sdl);
    expect([refused.status, refused.body.error.code]).toEqual([422, 'CHECK_FAILED']);
    expect(refused.body.error.report.problems).toEqual([
      {
        code: 'CLIENT_BREAKS',
        message: 'Mails of shop 1.0.0: Cannot query field "email" on type "Person".',
      },
    ]);
    const asked = await world.call(people1, 'GET', '/v1/environments/dev/usage?coordinate=Person.email');
    expect(asked.body.data).toMatchObject({
      safe: false,
      requests: 12,
      users: [{ client: 'shop', version: '1.0.0', operation: 'Mails', requests: 12 }],
    });

    world.clock += 31 * 24 * 60 * 60 * 1_000;
    const later = await world.token('owner', ['people']);
    const gone = await world.call(later, 'GET', '/v1/environments/dev/usage?coordinate=Person.email');
    expect(gone.body.data).toMatchObject({ safe: true, requests: 0, users: [] });
    const passed = await world.publish(later, 'people', sdl);
    expect(passed.body.data).toMatchObject({ sequence: 4, changed: true });
  });

  test('a rollback brings the old schema back as a new version', async () => {
    const admin = await world.token('admin', ['*']);
    const { body } = await world.call(admin, 'POST', '/v1/environments/dev/supergraph/rollback', {});
    expect(body.data).toMatchObject({ base: 4, to: 3, sequence: 5 });
    const { body: now } = await world.call(admin, 'GET', '/v1/environments/dev/supergraph');
    expect(now.data.supergraphSdl).toContain('email: String');
    const { body: diff } = await world.call(admin, 'GET', '/v1/environments/dev/supergraph/diff?from=4');
    expect(diff.data.changes).toEqual([
      { severity: 'Safe', coordinate: 'Person.email', message: 'Person.email was added.' },
    ]);
  });

  test('a subgraph is deleted once nothing needs it', async () => {
    const admin = await world.token('admin', ['*']);
    const dry = await world.call(admin, 'POST', '/v1/environments/dev/subgraphs/notes/delete', {
      dryRun: true,
    });
    expect(dry.body.data).toMatchObject({ sequence: 5, report: { passed: true } });
    const { body } = await world.call(admin, 'POST', '/v1/environments/dev/subgraphs/notes/delete', {});
    expect(body.data).toMatchObject({ sequence: 6 });
  });

  test('a gateway fetches the bundle once, and is told when it has not changed', async () => {
    const gateway = await world.token('gateway', []);
    const path = `${world.url}/v1/environments/dev/bundle`;
    const authorization = `Bearer ${gateway}`;
    const first = await fetch(path, { headers: { authorization } });
    const etag = String(first.headers.get('etag'));
    const keys = readPublicKeys([world.publicKey]);
    expect(await openBundle(Buffer.from(await first.arrayBuffer()), keys)).toMatchObject({
      ...{ environment: 'dev', sequence: 6 },
      manifests: [{ client: 'shop', version: '1.0.0', operations: [{ name: 'Mails' }] }],
    });
    const second = await fetch(path, { headers: { authorization, 'if-none-match': etag } });
    expect(second.status).toBe(304);
  });

  test('the log tells who did what', async () => {
    const { body } = await world.call(adminToken, 'GET', '/v1/environments/dev/audit?limit=500');
    const lines = body.data.entries.map(
      ({ action, outcome }: Record<string, string>) => `${action} ${outcome}`,
    );
    expect(lines.filter((line: string) => !line.startsWith('token')).reverse()).toEqual([
      'publish done',
      'publish done',
      'check refused',
      'operations done',
      'publish refused',
      'publish done',
      'rollback done',
      'delete done',
    ]);
  });
};

describe('a registry with the embedded database', () => stories(() => startRegistryWorld()));

describeWith('postgres', 'a registry with Postgres', (serverUrl) =>
  stories(async () => {
    const database = await createPostgresDatabase(serverUrl);
    const world = await startRegistryWorld({}, { url: database.url });
    return {
      ...world,
      get clock() {
        return world.clock;
      },
      set clock(value) {
        world.clock = value;
      },
      close: () => world.close().then(database.drop),
    };
  }),
);
