import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRateLimit } from '../../registry/http/rate-limit.ts';
import {
  adminToken,
  notes,
  people,
  type RegistryWorld,
  startRegistryWorld,
} from '../registry/registry-world.ts';

// Each check is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

let world: RegistryWorld;
let peopleTeam: string;
beforeAll(async () => {
  world = await startRegistryWorld({ changesPerMinute: 12 });
  peopleTeam = await world.token('owner', ['people']);
  await world.publish(peopleTeam, 'people', people);
});
afterAll(() => world.close());

const publishPath = '/v1/environments/dev/subgraphs/people/publish';
const lastRefusals = async (count: number): Promise<string[]> => {
  const environments = ['dev', 'release'];
  const found = await Promise.all(
    environments.map((one) => world.call(adminToken, 'GET', `/v1/environments/${one}/audit?limit=100`)),
  );
  return found
    .flatMap(({ body }) => body.data.entries)
    .filter(({ action }: { action: string }) => action === 'access')
    .map(({ details }: { details: { reason: string } }) => details.reason)
    .slice(0, count);
};

describe('P-01 publishing', () => {
  test('P-01 to the subgraph of another team is refused and logged', async () => {
    const other = await world.token('owner', ['notes']);
    const { status, body } = await world.publish(other, 'people', people);
    expect([status, body.error.code]).toEqual([403, 'TOKEN_REFUSED']);
    expect(await lastRefusals(1)).toEqual(['The token owner-notes is for notes.']);
  });

  test('P-01 by a token of another environment is refused and logged', async () => {
    const other = await world.token('owner', ['people'], 'trial');
    const { status } = await world.publish(other, 'people', people);
    expect([status, await lastRefusals(1)]).toEqual([403, ['The token owner-people is for trial.']]);
  });

  test('P-01 by a token that has expired, or was revoked, is refused and logged', async () => {
    const old = await world.token('owner', ['people'], 'dev', 1);
    const revoked = await world.token('owner', ['people']);
    await world.call(adminToken, 'POST', `/v1/tokens/${revoked.split('_')[1]}/revoke`, {});
    const second = await world.publish(revoked, 'people', people);
    world.clock += 25 * 60 * 60 * 1_000;
    const first = await world.publish(old, 'people', people);
    expect([first.status, second.status]).toEqual([403, 403]);
    expect(await lastRefusals(2)).toEqual([
      'The token owner-people has expired.',
      'The token owner-people has been revoked.',
    ]);
  });

  test('P-01 by a token in the address is refused, logged without it, and answered 403', async () => {
    const { status } = await world.call(undefined, 'POST', `${publishPath}?token=${peopleTeam}`, {
      sdl: people,
    });
    const { body } = await world.call(adminToken, 'GET', '/v1/environments/dev/audit?limit=1');
    expect([status, JSON.stringify(body).includes(peopleTeam)]).toEqual([403, false]);
  });

  test('P-01 without a token, with half of one, or by a gateway is refused', async () => {
    const gateway = await world.token('gateway', []);
    const answers = [
      await world.call(undefined, 'POST', publishPath, { sdl: people }),
      await world.publish(peopleTeam.slice(0, -1), 'people', people),
      await world.publish(gateway, 'people', people),
      await world.call(peopleTeam, 'POST', '/v1/tokens', {}),
    ].map(({ status, body }) => [status, body.error.code]);
    expect(answers).toEqual([
      [401, 'TOKEN_REQUIRED'],
      [403, 'TOKEN_REFUSED'],
      [403, 'TOKEN_REFUSED'],
      [403, 'TOKEN_REFUSED'],
    ]);
  });
});

test('P-09 a new address needs an owner and, where it is configured, another one who approves', async () => {
  const path = '/v1/environments/release/subgraphs/people/publish';
  const [publisher, owner, second] = [
    await world.token('publisher', ['people'], 'release'),
    await world.token('owner', ['people'], 'release'),
    await world.token('owner', ['people'], 'release'),
  ];
  const publish = (token: string, routingUrl: string) =>
    world.call(token, 'POST', path, { sdl: people, routingUrl });
  await publish(owner, 'http://one.test/graphql');
  expect((await publish(publisher, 'http://two.test/graphql')).status).toBe(403);
  const subject = 'address people http://two.test/graphql';
  const approve = (token: string) =>
    world.call(token, 'POST', '/v1/environments/release/approvals', { subject });
  await approve(owner);
  const alone = await publish(owner, 'http://two.test/graphql');
  expect([alone.status, alone.body.error.report.problems[0].approval.subject]).toEqual([422, subject]);
  await approve(second);
  expect((await publish(owner, 'http://two.test/graphql')).body.data).toMatchObject({ sequence: 2 });
  const { body } = await world.call(owner, 'GET', '/v1/environments/release/audit?limit=1');
  expect(body.data.entries[0].details.address).toEqual([
    'http://one.test/graphql',
    'http://two.test/graphql',
  ]);
});

test('P-10 of two publishes at once one is refused, and so is one on a version that is past', async () => {
  const admin = await world.token('admin', ['*']);
  const answers = await Promise.all([
    world.publish(admin, 'notes', notes),
    world.publish(admin, 'people', people.replace('name: String!', 'name: String! age: Int')),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const stale = await world.publish(admin, 'notes', notes, { base: 1 });
  expect([stale.status, stale.body.error.code]).toEqual([409, 'BASE_CHANGED']);
});

describe('P-17 a storm of publishes', () => {
  test('P-17 by one team is refused once it has had its share, and other teams go on', async () => {
    const storming = await world.token('owner', ['storm']);
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => world.publish(storming, 'storm', 'no schema')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(48);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const { status } = await world.call(peopleTeam, 'POST', publishPath.replace('publish', 'check'), {
      sdl: people,
    });
    expect(status).toBe(200);
  });

  test('P-17 1,000 in a minute are as many as the limit, and one more each few seconds', () => {
    let now = 0;
    const limit = createRateLimit(30, () => now);
    const taken = Array.from({ length: 1_000 }, () => {
      now += 60;
      return limit.take('team');
    }).filter((wait) => wait === 0).length;
    expect(taken).toBe(59);
  });
});
