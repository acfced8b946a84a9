import { expect, test } from 'vitest';
import { type BanStore, createBans } from '../../../gateway/identity/bans.ts';
import { createMemoryBans } from '../../../gateway/identity/memory-bans.ts';

function startBans() {
  const clock = { ms: 1_000 };
  const store = createMemoryBans(() => clock.ms);
  const start = (of: BanStore = store) => createBans(of, () => clock.ms);
  return { clock, store, start, here: start(), there: start() };
}

test('a ban is in force here at once, and elsewhere from the next sync', async () => {
  const { here, there } = startBans();
  await here.ban('anna', 'fraud', undefined);
  expect(here.find('anna')).toEqual({ endsInSeconds: undefined });
  expect(there.find('anna')).toBeUndefined();
  await there.sync();
  expect(there.find('anna')).toEqual({ endsInSeconds: undefined });
  expect([await there.lift('anna'), await there.lift('anna'), there.find('anna')]).toEqual([
    true,
    false,
    undefined,
  ]);
});

test('a ban that ends is over when it should be, without a sync', async () => {
  const { clock, here } = startBans();
  await here.ban('anna', 'too fast', 60);
  clock.ms += 59_001;
  expect(here.find('anna')).toEqual({ endsInSeconds: 1 });
  clock.ms += 999;
  expect([here.find('anna'), here.list()]).toEqual([undefined, []]);
});

test('a store that has lost the list gets it back', async () => {
  const { start } = startBans();
  const restored: unknown[] = [];
  let list = { version: 7, bans: ['{"userId":"anna","reason":"fraud","bannedAt":1}', 'garbage'], nowMs: 0 };
  const bans = start({
    list: async (known) => ({ ...list, bans: list.version === known ? undefined : list.bans }),
    put: async () => {},
    remove: async () => false,
    restore: async (version, lost) => {
      restored.push([version, lost]);
      list = { version: 8, bans: Object.values(lost), nowMs: 0 };
    },
  });
  await bans.sync();
  list = { version: 0, bans: [], nowMs: 0 };
  await bans.sync();
  expect(restored).toEqual([[7, { anna: '{"userId":"anna","reason":"fraud","bannedAt":1}' }]]);
  expect(bans.find('anna')).toEqual({ endsInSeconds: undefined });
});
