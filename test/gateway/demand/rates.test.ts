import { describe, expect, test } from 'vitest';
import { type Bucket, toBucketKey } from '../../../gateway/demand/budget.ts';
import { createMemoryBudget } from '../../../gateway/demand/memory-budget.ts';
import { createRateBuckets, type RateLimits } from '../../../gateway/demand/rate-buckets.ts';
import { toLimit } from '../../../gateway/demand/rate-limit.ts';
import { createRates, type RatesOptions } from '../../../gateway/demand/rates.ts';
import { createRecallingBudget } from '../../../gateway/demand/recall-refusals.ts';
import type { ErrorCode } from '../../../gateway/errors.ts';
import type { RegisteredOperation } from '../../../gateway/persisted/safelist.ts';
import { guest, type Principal, type Service } from '../../../gateway/principal.ts';

const none = toLimit({ requests: 0, seconds: 60 });
const of = (requests: number) => toLimit({ requests, seconds: 60 });
const noLimits: RatesOptions['limits'] = {
  ...{ principal: none, newcomer: none, newcomersOfAddress: none, service: none, app: none, address: none },
  ...{ newcomerMs: 600_000, operations: {}, login: { address: none, app: none, code: none } },
  refresh: { address: none, session: none },
};
const day = 86_400_000;
const alice: Principal = {
  ...{ kind: 'user', userId: 'alice', roles: ['USER'], scopes: [], level: 1 },
  ...{ sessionId: 's', appId: 'wx1', loggedInAt: 0 },
};
const reports: Service = { kind: 'service', name: 'reports', roles: [], scopes: [], level: 0 };
const createOrder: RegisteredOperation = { id: 'sha256:0', body: '', name: 'CreateOrder', type: 'mutation' };

interface Asking {
  readonly principal?: Principal;
  readonly address?: string;
  readonly app?: string;
  readonly operation?: RegisteredOperation;
}

function createGate(limits: Partial<RatesOptions['limits']>, maxBuckets = 1_000) {
  const clock = { ms: 0, takes: 0 };
  const reasons: string[] = [];
  const memory = createMemoryBudget({ nodes: 1, maxBuckets, now: () => clock.ms });
  const counted = {
    take(buckets: readonly Bucket[], requests: number) {
      clock.takes += 1;
      return memory.take(buckets, requests);
    },
  };
  const rates = createRates({
    limits: { ...noLimits, ...limits },
    budget: createRecallingBudget(counted, () => clock.ms),
    now: () => day + clock.ms,
    onRefuse: (reason) => reasons.push(reason),
  });
  const outcome = (work: Promise<void>): Promise<string> =>
    work.then(
      () => 'OK',
      ({ code, message, headers }) => `${code} after ${headers['retry-after']} s: ${message}`,
    );
  const ask = ({ principal = guest, address = '1.1.1.1', app, operation }: Asking = {}): Promise<string> =>
    outcome(rates.charge({ principal, address, client: { name: app, version: undefined } }, operation));
  const askTimes = async (count: number, asking?: Asking): Promise<number> => {
    let granted = 0;
    for (let i = 0; i < count; i += 1) if ((await ask(asking)) === 'OK') granted += 1;
    return granted;
  };
  const logIn = (code: unknown, address = '1.1.1.1', appId: unknown = 'wx1'): Promise<string> =>
    outcome(rates.chargeLogin({ address, appId, code }));
  const refresh = (sessionId: string | undefined, address = '1.1.1.1'): Promise<string> =>
    outcome(rates.chargeSession('refreshes', { address, sessionId }));
  return { clock, reasons, rates, ask, askTimes, logIn, refresh };
}

test('who asks more often than the rate is told when to come back, and by then may ask again', async () => {
  const { ask, askTimes, clock, reasons } = createGate({ address: of(100) });
  expect(await askTimes(100)).toBe(100);
  expect(await ask()).toBe(
    'RATE_LIMITED after 1 s: More requests than are taken from this network address: 100 at once, 100 a minute.',
  );
  expect(reasons).toEqual(['address']);
  clock.ms = 600;
  expect(await ask()).toBe('OK');
});

describe('who is counted', () => {
  test.each([
    [
      'a user, wherever they are',
      { principal: of(3) },
      { principal: alice },
      { principal: alice, address: '2.2.2.2' },
    ],
    [
      'X-04 all users of a mini-program together',
      { app: of(3) },
      { principal: alice },
      { principal: { ...alice, userId: 'bob' } },
    ],
    [
      'a service by its key',
      { service: of(3), principal: of(1) },
      { principal: reports },
      { principal: reports, address: '2.2.2.2' },
    ],
    ['a guest by address', { address: of(3) }, {}, {}],
    [
      'X-02 guests of one IPv6 subscriber together',
      { address: of(3) },
      { address: '2001:db8::1' },
      { address: '2001:db8::2' },
    ],
    ['X-05 a guest under any client name', { address: of(3) }, { app: 'a' }, { app: 'b' }],
    [
      'X-05 guests of any address by what they call themselves',
      { app: of(3) },
      { app: 'a' },
      { app: 'a', address: '2.2.2.2' },
    ],
    [
      'each caller of an operation',
      { operations: { CreateOrder: { ...of(3), of: 'each' } } },
      { principal: alice, operation: createOrder },
      { principal: alice, operation: createOrder },
    ],
    [
      'X-04 all callers of an operation together, by its id',
      { operations: { 'sha256:0': { ...of(3), of: 'all' } } },
      { principal: alice, operation: createOrder },
      { principal: reports, operation: createOrder },
    ],
  ] as [string, Partial<RateLimits>, Asking, Asking][])('%s', async (_title, limits, asking, other) => {
    const { askTimes } = createGate(limits);
    expect([await askTimes(4, asking), await askTimes(1, other)]).toEqual([3, 0]);
  });

  test.each([
    [
      'one user and another',
      { principal: of(3) },
      { principal: alice },
      { principal: { ...alice, userId: 'bob' } },
    ],
    ['users and guests of their address', { address: of(3) }, {}, { principal: alice }],
    [
      'users and guests that call themselves their mini-program',
      { app: of(3) },
      { app: 'wx1' },
      { principal: alice },
    ],
    [
      'one caller of an operation and another',
      { operations: { CreateOrder: { ...of(3), of: 'each' } } },
      { principal: alice, operation: createOrder },
      { operation: createOrder },
    ],
    [
      'an operation and others',
      { operations: { CreateOrder: { ...of(3), of: 'all' } } },
      { operation: createOrder },
      { operation: { ...createOrder, name: 'Other', id: 'sha256:1' } },
    ],
  ] as [string, Partial<RateLimits>, Asking, Asking][])(
    'not together: %s',
    async (_title, limits, asking, other) => {
      const { askTimes } = createGate(limits);
      expect([await askTimes(4, asking), await askTimes(1, other)]).toEqual([3, 1]);
    },
  );
});

describe('X-04 10,000 users of one mini-program from one address', () => {
  const users = Array.from({ length: 10_000 }, (_, index): Principal => ({ ...alice, userId: `u${index}` }));

  test('are held to what the mini-program may ask', async () => {
    const { ask } = createGate({ principal: of(600), app: of(5_000) }, 100_000);
    const answers = await Promise.all(users.map((principal) => ask({ principal })));
    expect(answers.filter((answer) => answer === 'OK')).toHaveLength(5_000);
  });

  test('whose sessions are new are held to what the new ones of one address may, and to less each', async () => {
    const limits = { principal: of(600), newcomer: of(2), newcomersOfAddress: of(1_200), app: of(50_000) };
    const { ask, askTimes, clock, reasons } = createGate(limits, 100_000);
    const fresh = users.map((user): Principal => ({ ...user, loggedInAt: day }) as Principal);
    expect(await askTimes(3, { principal: fresh[0] as Principal })).toBe(2);
    const answers = await Promise.all(fresh.map((principal) => ask({ principal })));
    expect(answers.filter((answer) => answer === 'OK')).toHaveLength(1_198);
    expect(new Set(reasons)).toEqual(new Set(['newcomer', 'newcomersOfAddress']));
    clock.ms = 600_000;
    expect(await askTimes(601, { principal: fresh[0] as Principal })).toBe(600);
  });
});

describe('X-06 logins', () => {
  test('each attempt counts: by address, by mini-program and by code', async () => {
    const login = { address: of(10), app: of(12), code: of(3) };
    const { logIn, reasons } = createGate({ login });
    const codes = ['a', 'a', 'a', 'a', ...Array.from({ length: 8 }, (_, i) => `b${i}`)];
    const answers: string[] = [];
    for (const code of codes) answers.push(await logIn(code));
    expect(answers.filter((answer) => answer === 'OK')).toHaveLength(10);
    for (const address of ['2.2.2.2', '3.3.3.3', '4.4.4.4']) await logIn('c', address);
    expect(reasons).toEqual(['login-code', 'login-address', 'login-app']);
  });

  test.each([[undefined], [null], [7], [{ a: 1 }], ['x'.repeat(10_000)]])(
    'with the code %s count too',
    async (code) => {
      const { logIn } = createGate({ login: { address: of(2), app: none, code: none } });
      const answers = [await logIn(code), await logIn(code, '1.1.1.1', code), await logIn(code)];
      expect(answers.map((answer) => answer.split(' ')[0])).toEqual(['OK', 'OK', 'RATE_LIMITED']);
    },
  );
});

describe('X-06 refreshes', () => {
  test('each attempt counts: by session wherever it is, and by address whatever the token', async () => {
    const { refresh, logIn, reasons } = createGate({ refresh: { address: of(4), session: of(2) } });
    const attempts = [
      ['s1', '1.1.1.1'],
      ['s1', '2.2.2.2'],
      ['s1', '3.3.3.3'],
      ['s2', '1.1.1.1'],
      [undefined, '1.1.1.1'],
      [undefined, '1.1.1.1'],
      ['s3', '1.1.1.1'],
    ] as const;
    const codes: (string | undefined)[] = [];
    for (const [session, address] of attempts) codes.push((await refresh(session, address)).split(' ')[0]);
    expect(codes).toEqual(['OK', 'OK', 'RATE_LIMITED', 'OK', 'OK', 'OK', 'RATE_LIMITED']);
    expect(reasons).toEqual(['refresh-session', 'refresh-address']);
    expect(await logIn('a')).toBe('OK');
  });

  test('take nothing from those who log out, or ask whose session it is', async () => {
    const { rates, refresh, reasons } = createGate({ refresh: { address: of(9), session: of(1) } });
    const use = { address: '1.1.1.1', sessionId: 's1' };
    expect([await refresh('s1'), await refresh('s1')]).toEqual(['OK', expect.stringMatching('RATE_LIMITED')]);
    await rates.chargeSession('logouts', use);
    await rates.chargeSession('lookups', use);
    await expect(rates.chargeSession('logouts', use)).rejects.toThrow('More logouts than');
    await expect(rates.chargeSession('lookups', use)).rejects.toThrow('More lookups than');
    expect(reasons).toEqual(['refresh-session', 'logout-session', 'lookup-session']);
  });
});

test('X-10 no two payers share a bucket, and no id makes its name long', () => {
  const ids = [
    'a:b',
    'a',
    'b:c',
    'c',
    '*',
    '{a}',
    '["a","b"]',
    'a\n',
    'a b',
    'a#b',
    '',
    'x'.repeat(10_000),
    'y'.repeat(10_000),
  ];
  const operations = { 'a:b': { ...of(1), of: 'each' }, a: { ...of(1), of: 'each' } } as const;
  const toBuckets = createRateBuckets({ ...noLimits, principal: of(1), app: of(1), operations }, () => day);
  const keys = ids.flatMap((userId) =>
    ids.flatMap((appId) =>
      ['a:b', 'a'].flatMap((name) => {
        const payer = {
          principal: { ...alice, userId, appId },
          address: '',
          client: { name: '', version: '' },
        };
        return toBuckets(payer, { ...createOrder, name }).map((bucket) => toBucketKey(bucket as Bucket));
      }),
    ),
  );
  // For each id a user, a mini-program, and each of the operations.
  expect(new Set(keys).size).toBe(ids.length * 4);
  expect(Math.max(...keys.map((key) => key.length))).toBeLessThan(150);
});

describe('X-12 what is refused', () => {
  const left = async (code: ErrorCode): Promise<number> => {
    const { rates, askTimes } = createGate({ address: of(10) });
    rates.chargeRefusal('1.1.1.1', code);
    return askTimes(11);
  };

  test.each([
    ['BAD_REQUEST', 1],
    ['PERSISTED_QUERY_NOT_FOUND', 1],
    ['PAYLOAD_TOO_LARGE', 1],
    ['UNAUTHENTICATED', 5],
    ['INVALID_CODE', 5],
    ['SIGNATURE_INVALID', 5],
    ['REPLAYED', 5],
    ['RATE_LIMITED', 0],
    ['OVERLOADED', 0],
    ['INTERNAL_SERVER_ERROR', 0],
  ] as [ErrorCode, number][])('by %s counts %i times for its address', async (code, times) => {
    expect(await left(code)).toBe(10 - times);
  });

  test('too often has guests of the address refused before their body is read, and a store is not asked', async () => {
    const { rates, ask, clock } = createGate({ address: of(10) });
    for (let i = 0; i < 3; i += 1) rates.chargeRefusal('1.1.1.1', 'UNAUTHENTICATED');
    const takes = clock.takes;
    for (let i = 0; i < 100; i += 1) {
      expect(() => rates.checkGuest('1.1.1.1')).toThrow(expect.objectContaining({ code: 'RATE_LIMITED' }));
      expect(await ask()).toMatch('RATE_LIMITED');
    }
    expect(clock.takes).toBe(takes);
    expect(() => rates.checkGuest('1.1.1.2')).not.toThrow();
    clock.ms = 30_000;
    expect(() => rates.checkGuest('1.1.1.1')).not.toThrow();
  });
});

test('X-13 a flood of other addresses does not pardon who is refused', async () => {
  const { ask, askTimes, rates } = createGate({ address: of(10) }, 1_000);
  await askTimes(10);
  for (let i = 0; i < 20_000; i += 1) rates.chargeRefusal(`10.0.${i >> 8}.${i & 255}`, 'BAD_REQUEST');
  expect(await ask()).toMatch('RATE_LIMITED');
});
