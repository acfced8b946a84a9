import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type ChargeCostOptions, createChargeCost } from '../../../gateway/demand/charge-cost.ts';
import { createMemoryBudget } from '../../../gateway/demand/memory-budget.ts';
import type { BudgetLimits } from '../../../gateway/demand/payers.ts';
import { guest, type Principal } from '../../../gateway/principal.ts';
import type { RequestOutcome } from '../../../gateway/request-context.ts';

const none = { capacity: 0, refillPerSecond: 1 };
const alice: Principal = {
  ...{ kind: 'user', userId: 'alice', roles: ['USER'], scopes: [], level: 1 },
  ...{ sessionId: 's', appId: 'wx1', loggedInAt: 0 },
};
const bob: Principal = { ...alice, userId: 'bob' };

interface Asking {
  readonly principal?: Principal;
  readonly address?: string;
  readonly app?: string;
  readonly showsCost?: boolean;
}

function createDemand(limits: Partial<BudgetLimits>, mode: ChargeCostOptions['mode'] = 'enforce') {
  const chargeCost = createChargeCost({
    ceilingOf: () => 100,
    limits: { principal: none, app: none, address: none, ...limits },
    budget: createMemoryBudget({ nodes: 1, maxBuckets: 100, now: () => 0 }),
    mode,
  });
  return async (
    estimated: number,
    { principal = guest, address = '1.1.1.1', app, showsCost = false }: Asking = {},
  ) => {
    const client = { name: app, version: undefined };
    const outcome: RequestOutcome = { client, registered: false, codes: [], faults: [] };
    const charge = await chargeCost(estimated, { principal, address, client, showsCost, outcome }).catch(
      (error) => error,
    );
    return { charge, code: charge.code, headers: charge.headers, message: charge.message, outcome };
  };
}

const limit = { capacity: 100, refillPerSecond: 4 };
const data = { a: 1 };

describe('a request is refused', () => {
  test('above its ceiling, and no budget is charged', async () => {
    const ask = createDemand({ address: limit });
    const { code, message, outcome } = await ask(101);
    expect({ code, message }).toEqual({
      code: 'COST_LIMIT_EXCEEDED',
      message: 'The operation costs 101; one request may cost 100.',
    });
    expect(outcome.cost).toEqual({ estimated: 101, max: 100, result: 'COST_LIMIT_EXCEEDED' });
    expect((await ask(100)).code).toBeUndefined();
  });

  test('when the budget has less than it costs, and told when to come back', async () => {
    const ask = createDemand({ address: limit });
    await ask(90);
    const { code, message, headers, outcome } = await ask(60);
    expect({ code, message, headers }).toEqual({
      code: 'RATE_LIMITED',
      message:
        'The operation costs 60, more than is left of what this network address may spend: 4 a second, 100 at once.',
      headers: { 'retry-after': '13' },
    });
    expect(outcome.cost).toEqual({ estimated: 60, max: 100, result: 'RATE_LIMITED' });
  });
});

describe('who pays', () => {
  test.each([
    [
      'users pay for themselves, wherever they are',
      { principal: limit },
      { principal: alice },
      { principal: bob },
    ],
    [
      'X-04 all users of a mini-program pay together',
      { app: limit },
      { principal: { ...alice, appId: 'wx2' } },
      { principal: bob },
    ],
    ['a guest pays by address', { address: limit }, { address: '1.1.1.1' }, { address: '1.1.1.2' }],
    [
      'X-02 IPv6 guests of one subscriber pay together',
      { address: limit },
      { address: '2001:db8::1' },
      { address: '2001:db8:0:1::1' },
    ],
    ['guests pay by what their client calls itself', { app: limit }, { app: 'shop' }, { app: 'admin' }],
    [
      'guests that call themselves a mini-program spend nothing of its users',
      { app: limit },
      { app: 'wx1' },
      { principal: alice },
    ],
  ] as [string, Partial<BudgetLimits>, Asking, Asking][])('%s', async (_title, limits, payer, other) => {
    const ask = createDemand(limits);
    await ask(100, payer);
    expect([(await ask(1, payer)).code, (await ask(1, other)).code]).toEqual(['RATE_LIMITED', undefined]);
  });

  test.each([
    [
      'X-02 another address of the same IPv6 subscriber',
      { address: '2001:db8::1' },
      { address: '2001:db8::ffff:2' },
    ],
    ['X-02 the same IPv4 address in IPv6 clothes', { address: '10.0.0.1' }, { address: '::ffff:10.0.0.1' }],
    ['X-05 a guest who takes another client name', { app: 'a' }, { app: 'b' }],
  ] as [string, Asking, Asking][])('%s finds the budget spent', async (_title, payer, other) => {
    const ask = createDemand({ address: limit, app: { capacity: 1_000, refillPerSecond: 1 } });
    await ask(100, payer);
    expect((await ask(1, other)).code).toBe('RATE_LIMITED');
  });
});

describe('when the answer has come', () => {
  const settled = async (estimated: number, actual: number, errors?: readonly GraphQLError[]) => {
    const ask = createDemand({ principal: limit });
    const { charge, outcome } = await ask(estimated, { principal: alice });
    charge.settle({ data, ...(errors && { errors }) }, () => actual);
    const { outcome: after } = await ask(0, { principal: alice });
    return { cost: outcome.cost, left: after.cost?.remaining };
  };

  test('what it did not use is given back exactly', async () => {
    expect(await settled(80, 13)).toEqual({
      cost: { estimated: 80, actual: 13, max: 100, remaining: 87, result: 'OK' },
      left: 87,
    });
  });

  test('what it used beyond the estimate is charged too', async () => {
    expect((await settled(10, 25)).left).toBe(75);
  });

  test('X-12 one with errors is not given anything back: failing is not cheaper', async () => {
    expect((await settled(80, 13, [new GraphQLError('x')])).left).toBe(20);
    expect((await settled(10, 25, [new GraphQLError('x')])).left).toBe(75);
  });

  test('X-12 without an answer the charge stands', async () => {
    const ask = createDemand({ principal: limit });
    await ask(80, { principal: alice });
    expect((await ask(0, { principal: alice })).outcome.cost?.remaining).toBe(20);
  });

  test('without room for the operation everything is given back', async () => {
    const ask = createDemand({ principal: limit });
    (await ask(80, { principal: alice })).charge.cancel();
    expect((await ask(0, { principal: alice })).outcome.cost?.remaining).toBe(100);
  });

  test('it tells the cost on request alone', async () => {
    const ask = createDemand({ principal: limit });
    const hidden = await ask(20, { principal: alice });
    const shown = await ask(20, { principal: alice, showsCost: true });
    const unpaid = await createDemand({})(20, { showsCost: true });
    expect([hidden, shown, unpaid].map(({ charge }) => charge.settle({ data }, () => 5))).toEqual([
      { data },
      { data, extensions: { cost: { estimated: 20, actual: 5, max: 100, remaining: 75 + 0 } } },
      { data, extensions: { cost: { estimated: 20, actual: 5, max: 100, remaining: null } } },
    ]);
  });
});

test('in the mode that measures nothing is refused, and what would have been is noted', async () => {
  const ask = createDemand({ address: limit }, 'measure');
  const dear = await ask(101);
  await ask(100);
  const poor = await ask(1);
  poor.charge.settle({ data }, () => 0);
  expect([dear, poor].map(({ code, outcome }) => ({ code, result: outcome.cost?.result }))).toEqual([
    { code: undefined, result: 'COST_LIMIT_EXCEEDED' },
    { code: undefined, result: 'RATE_LIMITED' },
  ]);
  expect((await ask(0)).outcome.cost?.remaining).toBe(0);
});
