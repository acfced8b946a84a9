import { expect, test } from 'vitest';
import type { Bucket, Granted } from '../../../gateway/demand/budget.ts';
import { createMemoryBudget } from '../../../gateway/demand/memory-budget.ts';
import { createSharedBudget } from '../../../gateway/demand/shared-budget.ts';

const alice: Bucket = {
  of: 'cost',
  payer: 'principal',
  id: 'alice',
  limit: { capacity: 100, refillPerSecond: 0.001 },
};
const sharedGrant: Granted = { granted: true, remaining: 1_000, giveBack: () => {} };

/** A shared store that answers, fails or leaves requests waiting, as the test says. */
function createBudget() {
  const clock = { nowMs: 0 };
  const now = (): number => clock.nowMs;
  const events: string[] = [];
  const store = { answer: (): Promise<Granted> => Promise.resolve(sharedGrant) };
  const budget = createSharedBudget({
    shared: {
      take: () => {
        events.push('asked');
        return store.answer();
      },
    },
    own: createMemoryBudget({ nodes: 2, maxBuckets: 10, now }),
    now,
    onAway: (error) => events.push(`away: ${(error as Error).message}`),
    onBack: () => events.push('back'),
    onOwn: () => events.push('own'),
  });
  const take = async (cost: number): Promise<number | string> => {
    const answer = await budget.take([alice], cost);
    return answer.granted ? Math.round(answer.remaining) : 'refused';
  };
  /** What has happened since it was asked last. */
  const happened = (): string[] => events.splice(0);
  return { clock, store, take, happened };
}

const failing = (): Promise<Granted> => Promise.reject(new Error('gone'));

test('while the shared budgets answer, no other is asked', async () => {
  const { take, happened } = createBudget();
  expect([await take(10), await take(10), happened()]).toEqual([1_000, 1_000, ['asked', 'asked']]);
});

test('X-09 while they do not, each gateway grants its part of the limit and no more', async () => {
  const { store, take } = createBudget();
  store.answer = failing;
  expect([await take(20), await take(30), await take(1)]).toEqual([30, 0, 'refused']);
});

test('B-28 after a failure they are tried once a second, and told of once', async () => {
  const { clock, store, take, happened } = createBudget();
  store.answer = failing;
  for (let i = 0; i < 3; i += 1) await take(1);
  expect(happened()).toEqual(['asked', 'away: gone', 'own', 'own', 'own']);
  clock.nowMs = 1_000;
  for (let i = 0; i < 3; i += 1) await take(1);
  expect(happened()).toEqual(['asked', 'own', 'own', 'own']);
  store.answer = async () => sharedGrant;
  clock.nowMs = 2_000;
  for (let i = 0; i < 2; i += 1) await take(1);
  expect(happened()).toEqual(['asked', 'back', 'asked']);
});

test('B-29 while one request tries a slow store, the others do not wait for it', async () => {
  const { clock, store, take, happened } = createBudget();
  store.answer = failing;
  await take(1);
  happened();
  clock.nowMs = 1_000;
  const slow = Promise.withResolvers<Granted>();
  store.answer = () => slow.promise;
  const trying = take(1);
  expect([await take(1), await take(1), happened()]).toEqual([48, 47, ['asked', 'own', 'own']]);
  slow.resolve(sharedGrant);
  expect([await trying, happened()]).toEqual([1_000, ['back']]);
});

test('an answer that was still on its way does not end an outage', async () => {
  const { store, take, happened } = createBudget();
  const late = Promise.withResolvers<Granted>();
  store.answer = () => late.promise;
  const waiting = take(1);
  store.answer = failing;
  await take(1);
  late.resolve(sharedGrant);
  expect([await waiting, await take(1)]).toEqual([1_000, 48]);
  expect(happened()).toEqual(['asked', 'asked', 'away: gone', 'own', 'own']);
});
