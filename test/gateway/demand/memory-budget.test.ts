import { describe, expect, test } from 'vitest';
import type { Bucket, BudgetLimit } from '../../../gateway/demand/budget.ts';
import { createMemoryBudget } from '../../../gateway/demand/memory-budget.ts';

const limit: BudgetLimit = { capacity: 100, refillPerSecond: 10 };
const bucketOf = (id: string, own: BudgetLimit = limit): Bucket => ({
  of: 'cost',
  payer: 'principal',
  id,
  limit: own,
});
const alice = bucketOf('alice');

function createBudget({ nodes = 1, maxBuckets = 1_000 } = {}) {
  const clock = { nowMs: 0 };
  const budget = createMemoryBudget({ nodes, maxBuckets, now: () => clock.nowMs });
  /** What is left, or how long to wait. */
  const take = (buckets: readonly Bucket[], cost: number): number | string => {
    const answer = budget.take(buckets, cost);
    return answer.granted ? answer.remaining : `${answer.bucket.id} in ${answer.waitSeconds} s`;
  };
  const pay = (buckets: readonly Bucket[], cost: number): ((given: number) => void) => {
    const answer = budget.take(buckets, cost);
    if (!answer.granted) throw new Error('the budget refused');
    return answer.giveBack;
  };
  return { clock, take, pay };
}

describe('a bucket', () => {
  test('is full at first and refills with time, up to its capacity', () => {
    const { clock, take } = createBudget();
    expect([take([alice], 60), take([alice], 40), take([alice], 1)]).toEqual([40, 0, 'alice in 0.1 s']);
    clock.nowMs = 2_500;
    expect(take([alice], 5)).toBe(20);
    clock.nowMs = 3_600_000;
    expect(take([alice], 0)).toBe(100);
  });

  test('whose limit changes keeps what is left of it, up to the new capacity', () => {
    const { clock, take } = createBudget();
    const tighter = bucketOf('alice', { capacity: 20, refillPerSecond: 1 });
    expect([take([alice], 90), take([tighter], 4)]).toEqual([10, 6]);
    clock.nowMs = 4_000;
    expect([take([tighter], 0), take([alice], 0), take([alice], 11)]).toEqual([10, 10, 'alice in 0.1 s']);
    clock.nowMs = 3_600_000;
    expect([take([tighter], 0), take([alice], 0)]).toEqual([20, 20]);
  });

  test('says how long to wait until it holds enough', () => {
    const { clock, take } = createBudget();
    take([alice], 95);
    expect(take([alice], 50)).toBe('alice in 4.5 s');
    clock.nowMs = 4_500;
    expect(take([alice], 50)).toBe(0);
  });

  test('pays a cost above its capacity when it is full, and is then in debt', () => {
    const { clock, take } = createBudget();
    expect([take([alice], 150), take([alice], 1)]).toEqual([-50, 'alice in 5.1 s']);
    clock.nowMs = 14_900;
    expect(take([alice], 150)).toBe('alice in 0.1 s');
  });

  test('is not another payer of that name', () => {
    const { take } = createBudget();
    take([alice], 100);
    expect(take([{ ...alice, payer: 'app' }], 100)).toBe(0);
  });

  test('never goes below nothing however many requests come at once', () => {
    const { take } = createBudget();
    const answers = Array.from({ length: 100 }, () => take([alice], 7));
    expect(answers.filter((left) => typeof left === 'number')).toHaveLength(14);
  });
});

test('a request pays from all its buckets or from none', () => {
  const { take } = createBudget();
  const app = bucketOf('app', { capacity: 30, refillPerSecond: 1 });
  take([app], 20);
  expect([take([alice, app], 50), take([alice], 0), take([alice, app], 10)]).toEqual(['app in 20 s', 100, 0]);
});

describe('giving back', () => {
  test('leaves exactly what was spent', () => {
    const { take, pay } = createBudget();
    pay([alice, bucketOf('app')], 80)(73);
    expect([take([alice], 0), take([bucketOf('app')], 0)]).toEqual([93, 93]);
  });

  test('never makes more than a full bucket', () => {
    const { clock, take, pay } = createBudget();
    const giveBack = pay([alice], 80);
    clock.nowMs = 5_000;
    giveBack(80);
    expect(take([alice], 0)).toBe(100);
  });

  test('takes what cost more than estimated, up to a debt of one bucket', () => {
    const { take, pay } = createBudget();
    pay([alice], 10)(-50);
    expect(take([alice], 0)).toBe(40);
    pay([alice], 10)(-5_000);
    expect(take([alice], 0)).toBe('alice in 10 s');
  });
});

test('X-08 each of several gateways grants its part of a limit', () => {
  const { clock, take } = createBudget({ nodes: 4 });
  expect([take([alice], 25), take([alice], 1)]).toEqual([0, 'alice in 0.4 s']);
  clock.nowMs = 400;
  expect(take([alice], 1)).toBe(0);
});

describe('X-13 a flood of new payers', () => {
  test('does not make a payer forgotten who has spent everything and waits', () => {
    const { clock, take } = createBudget({ maxBuckets: 1_000 });
    take([alice], 100);
    for (let i = 0; i < 1_000_000; i += 1) take([bucketOf(`guest ${i}`)], 1);
    clock.nowMs = 50;
    expect(take([alice], 100)).toBe('alice in 9.95 s');
  });

  test('takes bounded memory', () => {
    const { take } = createBudget({ maxBuckets: 1_000 });
    for (let i = 0; i < 20_000; i += 1) take([bucketOf(`guest ${i}`)], 1);
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 500_000; i += 1) take([bucketOf(`other ${i}`)], 1);
    globalThis.gc?.();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60_000_000);
  });
});
