/** Attacks by ever new documents: what is remembered of them is bounded, and what is registered stays ready. */
import { parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDocumentStore } from '../../gateway/operation/document-store.ts';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { type Answer, type AttackWorld, startAttackWorld } from '../support/attack-world.ts';

const registered = 'query Registered { docs { id title } }';
let world: AttackWorld;

beforeAll(async () => {
  world = await startAttackWorld({
    dev: true,
    operations: { Registered: registered },
    config: { planner: { maxQueued: 1, timeoutMs: 10_000 } },
  });
});
afterAll(() => world?.close());

const codeOf = ({ json }: Answer): string => json?.errors?.[0]?.extensions?.code ?? 'OK';

test('C-16 of new operations that come at once as many are answered as may wait, registered ones all', async () => {
  const isNew = (index: number) => world.ask({ body: { query: `{ docs { id a${index}: title } }` } });
  const isRegistered = () => world.ask({ body: { documentId: documentIdOf(registered) } });

  const flood = Array.from({ length: 200 }, (_, index) => isNew(index));
  const hot = await Promise.all(Array.from({ length: 60 }, isRegistered));
  const cold = await Promise.all(flood);

  expect(hot.map(codeOf)).toEqual(hot.map(() => 'OK'));
  expect(new Set(cold.map(codeOf))).toEqual(new Set(['OK', 'OVERLOADED']));
  const [refused] = cold.filter((answer) => codeOf(answer) === 'OVERLOADED');
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
});

test('C-16 an operation that was refused for the queue is answered when the queue is empty', async () => {
  const query = '{ docs { id late: title } }';
  expect(codeOf(await world.ask({ body: { query } }))).toBe('OK');
});

test('C-16 of 10,000 documents the last hundred are remembered, and those that are registered', () => {
  const store = createDocumentStore(100);
  const toKnown = (source: string) => ({ source, document: parse(source), documentHash: source });
  store.keep(toKnown(registered));
  for (let index = 0; index < 10_000; index++) {
    store.add(toKnown(`{ a${index} }`));
    store.find('{ a0 }');
  }
  const remembered = Array.from({ length: 10_000 }, (_, index) => index).filter((index) =>
    store.find(`{ a${index} }`),
  );
  // The first has been asked for all the time.
  expect(remembered).toEqual([0, ...Array.from({ length: 99 }, (_, index) => 9_901 + index)]);
  expect(store.find(registered)?.source).toBe(registered);
});
