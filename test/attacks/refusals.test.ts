/** Refusals for want of time: they tell a code and what to do, and nothing of the machinery. */
import { expect, test } from 'vitest';
import { startAttackWorld } from '../support/attack-world.ts';
import { silent } from '../support/misbehaviours.ts';

const query = '{ user(id: "1") { id name orders { id user { followers { friends(first: 1) { id } } } } } }';

/** Eight times the same, each planned anew: no planner is done with it in a millisecond. */
const slowToPlan = `{ ${Array.from({ length: 8 }, (_, number) => `u${number}: user(id: "${number}") { id name orders { id user { followers { friends(first: 1) { id } } } } }`).join(' ')} }`;

test('L-10 an operation whose planning takes too long', async () => {
  const world = await startAttackWorld({ dev: true, config: { planner: { timeoutMs: 1 } } });

  const { status, json } = await world.ask({ body: { query: slowToPlan } }, 'user');

  expect({ status, json }).toEqual({
    status: 400,
    json: {
      errors: [
        {
          message: 'Planning this operation takes too long.',
          extensions: { code: 'PLAN_TOO_EXPENSIVE', userMessage: '请求有误，请检查后再试' },
        },
      ],
    },
  });
  await world.close();
});

test('L-10 a request for which there is no place', async () => {
  const world = await startAttackWorld({ dev: true, config: { overload: { maxInFlight: 1 } } });
  world.subgraph('content').misbehave(silent);
  const held = world.ask({ body: { query: '{ docs { id } }' } });
  await expect.poll(() => world.subgraph('content').received.length).toBe(1);

  const { status, headers, json } = await world.ask({ body: { query } });

  expect({ status, retryAfter: headers['retry-after'], json }).toEqual({
    status: 503,
    retryAfter: '1',
    json: {
      errors: [
        {
          message: 'Too many requests are being answered.',
          extensions: { code: 'OVERLOADED', userMessage: '服务繁忙，请稍后再试' },
        },
      ],
    },
  });
  await world.close();
  await held;
});
