/** Attacks on budgets: what a request costs is charged to who sent it, however it is dressed up. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAttack } from '../support/attack.ts';
import { type Answer, type AttackWorld, type Send, startAttackWorld } from '../support/attack-world.ts';
import { silent } from '../support/misbehaviours.ts';

/** So slow that no test sees it refill. */
const never = 0.001;
const post = (query: string, headers: Record<string, string> = {}): Send => ({ body: { query }, headers });
const page = '{users(first:3){id}}';
const aliased = `{${Array.from({ length: 9 }, (_, i) => `a${i}:users(first:3){id}`).join(' ')}}`;
const limited = { status: 429, code: 'RATE_LIMITED', fetches: 0 };

describe('with a budget of 33 for each user', () => {
  const attack = createAttack({
    dev: true,
    config: { budgets: { principal: { capacity: 33, refillPerSecond: never } } },
  });

  attack('X-06', 'one page costs what it holds, and leaves the rest', {
    as: 'admin',
    first: [post(page)],
    send: post(page),
    expect: { status: 200, fetches: 1 },
  });

  attack('X-06', 'one request with nine aliases spends what nine would', {
    as: 'admin',
    first: [post(aliased)],
    send: post(page),
    expect: limited,
    also: ({ headers, json }) => {
      expect(Number(headers['retry-after'])).toBeGreaterThan(2_900);
      expect(json?.errors?.[0]?.message).toBe(
        'The operation costs 3, more than is left of what this user may spend: 0.001 a second, 33 at once.',
      );
    },
  });

  attack('X-05', 'who has spent a budget has spent it under any user agent, device and client name', {
    as: 'admin',
    send: post(page, {
      'user-agent': 'other',
      'minigate-client-name': 'other',
      'x-device-id': '2',
      'x-forwarded-for': '8.8.8.8',
    }),
    expect: limited,
  });
});

describe('C-18 200 of the dearest queries at once', () => {
  let world: AttackWorld;

  beforeAll(async () => {
    world = await startAttackWorld({
      dev: true,
      config: { budgets: { address: { capacity: 100_000, refillPerSecond: never } } },
    });
    await world.ask(post('{users(first:2000){id}}'));
  });
  afterAll(() => world?.close());

  test('only those reach a subgraph that the budget pays; a user is answered meanwhile', async () => {
    const users = world.subgraph('users');
    const receivedBefore = users.received.length;
    users.misbehave(silent);
    const refused: Answer[] = [];
    const asked = Array.from({ length: 200 }, async () => {
      const answer = await world.ask(post('{users(first:2000){id}}'));
      if (answer.status === 429) refused.push(answer);
      return answer.status;
    });
    const light = await world.ask(post('{docs{id}}'), 'user');
    const statuses = await Promise.all(asked);
    users.misbehave(undefined);

    expect(light.status).toBe(200);
    // The first, before them, held 3 users: of 100,000 less 3 the budget pays 49 times 2,000.
    expect({
      sent: users.received.length - receivedBefore,
      answered: statuses.filter((status) => status === 200).length,
      refused: refused.length,
    }).toEqual({ sent: 49, answered: 49, refused: 151 });
    expect((await world.ask(post('{users(first:2000){id}}'))).status).toBe(429);
  });
});
