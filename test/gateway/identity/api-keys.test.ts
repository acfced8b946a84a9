import { hash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApiKeys } from '../../../gateway/identity/api-keys.ts';
import { HEADER } from '../../../subgraphs/verify/index.ts';
import { type AttackWorld, startAttackWorld } from '../../support/attack-world.ts';
import { askAs } from '../../support/gateway-nodes.ts';

const createKey = (): string => `mgk_${randomBytes(32).toString('base64url')}`;
const [reports, expired] = [createKey(), createKey()];
const roles = { USER: { level: 1, permissions: ['a'] }, ADMIN: { level: 3, permissions: ['b'] } };
const day = 86_400_000;

const entry = (
  name: string,
  key: string,
  expiresAt: string,
  more: { roles?: string[]; scopes?: string[] } = {},
) => ({
  ...{ name, hash: `sha256:${hash('sha256', key)}`, scopes: [], roles: [], expiresAt, ...more },
});

test('a key gives the scopes and roles of its service until it expires', () => {
  const clock = { ms: Date.parse('2026-11-24T00:00:00Z') };
  const keys = createApiKeys(
    [entry('reports', reports, '2026-11-25T00:00:00Z', { roles: ['USER'], scopes: ['c'] })],
    () => clock.ms,
  );
  const service = { kind: 'service', name: 'reports', roles: ['USER'], scopes: ['a', 'c'], level: 1 };
  expect(keys.find(reports, roles)).toEqual(service);
  clock.ms += day - 1;
  expect(keys.find(reports, roles)).toEqual(service);
  clock.ms += 1;
  expect(keys.find(reports, roles)).toBeUndefined();
});

test.each([
  ['another key', createKey()],
  ['a key cut short', reports.slice(0, -1)],
  ['nothing', ''],
  ['its hash', hash('sha256', reports)],
])('%s is nobody', (_, key) => {
  expect(
    createApiKeys([entry('reports', reports, '2099-01-01T00:00:00Z')], () => 0).find(key, roles),
  ).toBeUndefined();
});

describe('a gateway with API keys', () => {
  let world: AttackWorld;
  beforeAll(async () => {
    world = await startAttackWorld({
      dev: true,
      config: {
        apiKeys: [
          entry('reports', reports, '2099-01-01T00:00:00Z', { scopes: ['pii.read'] }),
          entry('old', expired, '2020-01-01T00:00:00Z'),
        ],
      },
    });
  });
  afterAll(() => world.close());

  const ssn = { body: { query: '{ user(id: "1") { ssn } }' } };

  test('serves the service what its scopes allow, and no more', async () => {
    expect(await askAs(world, { accessToken: reports }, ssn)).toBe('200');
    expect(await askAs(world, { accessToken: reports }, { body: { query: '{ admin { id } }' } })).toBe(
      '403 FORBIDDEN',
    );
  });

  test('tells subgraphs of a user that no login can be, not of a service like itself', async () => {
    await askAs(world, { accessToken: reports }, ssn);
    const header = String(world.subgraph('users').received.at(-1)?.headers[HEADER.principal]);
    const caller = JSON.parse(Buffer.from(header, 'base64url').toString());
    expect(caller).toEqual({ kind: 'user', userId: 'service:reports', roles: [], scopes: ['pii.read'] });
  });

  test('refuses a key that is unknown or has expired, and keeps keys out of its log', async () => {
    for (const accessToken of [expired, createKey(), `${reports}x`])
      expect(await askAs(world, { accessToken }, ssn)).toBe('401 UNAUTHENTICATED');
    expect(JSON.stringify(world.gateway.log())).not.toContain(reports.slice(4));
  });
});
