import { describe, expect, test } from 'vitest';
import type { Generation } from '../../gateway/generation.ts';
import { createGenerations } from '../../gateway/generations.ts';
import { createManualTimers } from '../support/manual-timers.ts';

/** Generations that only know their version, built when the test says so. */
function startWorld() {
  const closed: string[] = [];
  const builds: { source: string; finish(): void; fail(reason: string): void }[] = [];
  const swaps: string[] = [];
  const forced: [version: string, requests: number][] = [];
  const timers = createManualTimers();
  const toGeneration = (version: string) =>
    ({
      version,
      close: async () => {
        closed.push(version);
      },
    }) as Generation;
  const generations = createGenerations(
    toGeneration('first'),
    (source: string) =>
      new Promise((resolve, reject) => {
        builds.push({
          source,
          finish: () => resolve(toGeneration(source)),
          fail: (reason) => reject(new Error(reason)),
        });
      }),
    {
      onSwap: (version) => swaps.push(version),
      onForcedEnd: (version, requests) => forced.push([version, requests]),
      schedule(run, ms) {
        const timer = timers.setTimeout(run, ms);
        return () => timers.clearTimeout(timer);
      },
    },
  );
  /** Replaces and waits until that is done. */
  const replace = async (source: string): Promise<string> => {
    const replaced = generations.replace(source);
    builds.at(-1)?.finish();
    return replaced;
  };
  return { generations, replace, builds, closed, swaps, forced, timers };
}

const settled = (promise: Promise<unknown>) => promise.then(String, String);

describe('a request', () => {
  test('keeps the generation that it began with', async () => {
    const { generations, replace, swaps } = startWorld();
    const before = generations.acquire();
    expect(await replace('second')).toBe('second');
    const after = generations.acquire();

    expect([before.generation.version, after.generation.version]).toEqual(['first', 'second']);
    expect(generations.inspect()).toEqual([
      { version: 'second', inFlight: 1 },
      { version: 'first', inFlight: 1 },
    ]);
    expect(swaps).toEqual(['second']);
  });

  test('that is the last of an old generation ends it, once', async () => {
    const { generations, replace, closed } = startWorld();
    const [one, other] = [generations.acquire(), generations.acquire()];
    await replace('second');

    one.release();
    one.release();
    expect(closed).toEqual([]);
    other.release();
    expect(closed).toEqual(['first']);
    expect(generations.inspect()).toEqual([{ version: 'second', inFlight: 0 }]);
  });

  test('that ends leaves the generation in force alive', async () => {
    const { generations, closed } = startWorld();
    generations.acquire().release();
    expect({ closed, version: generations.current().version }).toEqual({ closed: [], version: 'first' });
  });
});

describe('B-39 a request that has not ended 30 s after the swap', () => {
  test('is told to end, and the generation ends without it, once', async () => {
    const { generations, replace, closed, forced, timers } = startWorld();
    const told: string[] = [];
    const one = generations.acquire(() => told.push('one'));
    const other = generations.acquire(() => told.push('other'));
    await replace('second');
    const newer = generations.acquire(() => told.push('newer'));
    one.release();
    timers.advance(29_999);
    expect({ told, closed }).toEqual({ told: [], closed: [] });
    timers.advance(1);
    other.release();
    expect({ told, closed, forced }).toEqual({ told: ['other'], closed: ['first'], forced: [['first', 1]] });
    expect(generations.inspect()).toEqual([{ version: 'second', inFlight: 1 }]);
    newer.release();
  });

  test('keeps no further swap waiting', async () => {
    const { generations, replace, builds, timers } = startWorld();
    generations.acquire();
    await replace('second');
    generations.acquire();
    await replace('third');
    const fourth = generations.replace('fourth');
    timers.advance(30_000);
    builds[2]?.finish();
    expect(await fourth).toBe('fourth');
  });

  test('is no more than a memory when all of the old generation ended in time', async () => {
    const { generations, replace, forced, timers } = startWorld();
    const held = generations.acquire();
    await replace('second');
    held.release();
    timers.advance(60_000);
    expect(forced).toEqual([]);
  });
});

describe('a swap', () => {
  test('ends the old generation at once when no request holds it', async () => {
    const { replace, closed } = startWorld();
    await replace('second');
    expect(closed).toEqual(['first']);
  });

  test('that cannot be built changes nothing, and the next one is built', async () => {
    const { generations, replace, builds, closed, swaps } = startWorld();
    const failing = generations.replace('broken');
    builds[0]?.fail('no such type');
    await expect(failing).rejects.toThrow('no such type');
    expect({ version: generations.current().version, closed, swaps }).toEqual({
      version: 'first',
      closed: [],
      swaps: [],
    });
    expect(await replace('second')).toBe('second');
  });

  test('B-41 that comes while another is built waits, and of those that wait only the newest is built', async () => {
    const { generations, builds } = startWorld();
    const swaps = ['second', 'third', 'fourth'].map((source) => generations.replace(source));
    builds[0]?.finish();
    expect(await swaps[0]).toBe('second');
    builds[1]?.finish();
    expect(await Promise.all(swaps)).toEqual(['second', 'fourth', 'fourth']);
    expect(builds.map(({ source }) => source)).toEqual(['second', 'fourth']);
  });

  test('B-41 that a newer one replaced fails with it', async () => {
    const { generations, builds } = startWorld();
    const swaps = ['second', 'third', 'fourth'].map((source) => settled(generations.replace(source)));
    builds[0]?.finish();
    await swaps[0];
    builds[1]?.fail('no such type');
    expect(await Promise.all(swaps)).toEqual(['second', 'Error: no such type', 'Error: no such type']);
  });

  test('waits while three generations live, and is built when one of them ends', async () => {
    const { generations, replace, builds, closed } = startWorld();
    const first = generations.acquire();
    await replace('second');
    const second = generations.acquire();
    await replace('third');

    const fourth = generations.replace('fourth');
    expect(builds.map(({ source }) => source)).toEqual(['second', 'third']);
    second.release();
    builds[2]?.finish();
    expect(await fourth).toBe('fourth');
    expect({ closed, living: generations.inspect() }).toEqual({
      closed: ['second', 'third'],
      living: [
        { version: 'fourth', inFlight: 0 },
        { version: 'first', inFlight: 1 },
      ],
    });
    first.release();
  });
});

describe('closing', () => {
  test('ends every generation, each once', async () => {
    const { generations, replace, closed } = startWorld();
    const held = generations.acquire();
    await replace('second');
    await generations.close();
    held.release();
    expect(closed).toEqual(['first', 'second']);
  });

  test('ends the one that is being built too, and refuses every swap', async () => {
    const { generations, builds, closed, swaps } = startWorld();
    const replaced = ['second', 'third'].map((source) => settled(generations.replace(source)));
    const ended = generations.close();
    builds[0]?.finish();
    await ended;
    const refusal = 'Error: The gateway is closing.';
    expect(await Promise.all(replaced)).toEqual([refusal, refusal]);
    expect(await settled(generations.replace('fourth'))).toBe(refusal);
    expect({ closed, swaps, built: builds.length }).toEqual({
      closed: ['first', 'second'],
      swaps: [],
      built: 1,
    });
  });
});

test('an old generation that does not end cleanly is reported and harms nobody', async () => {
  const failures: unknown[] = [];
  const broken = {
    version: 'first',
    close: () => Promise.reject(new Error('stuck')),
  } as unknown as Generation;
  const next = { version: 'second', close: async () => {} } as Generation;
  const generations = createGenerations(broken, async () => next, {
    onEndFailed: (error) => failures.push(error),
  });
  expect(await generations.replace('second')).toBe('second');
  expect(failures).toEqual([new Error('stuck')]);
});
