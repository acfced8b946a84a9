/** Keeps the generation in force and swaps in the next: requests stay with the one they began with to their end. */
import type { Generation } from './generation.ts';

export interface Generations<Source> {
  /**
   * The generation in force, for one request; `release` says that the request has ended.
   *
   * @param end of this request alone: told when it has to end now, because its generation was replaced 30 s ago
   */
  acquire(end?: () => void): { readonly generation: Generation; release(): void };
  /** For what is no request, such as a login. */
  current(): Generation;
  /**
   * Builds a generation from the source and swaps it in. At most three live at once: a further swap waits for one of
   * the old to end, which its requests do by their own deadline, or are made to after 30 s; of those that wait only the
   * newest is built.
   *
   * @returns the version in force afterwards: of this source, or of a newer one
   * @throws what building throws; the generation in force then stays
   */
  replace(source: Source): Promise<string>;
  /** Of every generation that lives, the newest first. */
  inspect(): readonly { readonly version: string; readonly inFlight: number }[];
  /** Ends all of them, also one that is still being built. */
  close(): Promise<void>;
}

export interface GenerationEvents {
  readonly onSwap?: (version: string) => void;
  /** An old generation did not end cleanly; nobody uses it any more. */
  readonly onEndFailed?: (error: unknown) => void;
  /** So many requests of an old generation were made to end. */
  readonly onForcedEnd?: (version: string, requests: number) => void;
  /** @returns takes it back; default by `setTimeout` */
  readonly schedule?: ((run: () => void, ms: number) => () => void) | undefined;
}

interface Living {
  readonly generation: Generation;
  /** The requests in flight: how each is made to end. */
  readonly ends: Set<() => void>;
  stopDraining(): void;
}

interface Swap<Source> extends PromiseWithResolvers<string> {
  readonly source: Source;
}

const maxLiving = 3;
const drainMs = 30_000;

function later(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms).unref();
  return () => clearTimeout(timer);
}

function toLiving(generation: Generation): Living {
  return { generation, ends: new Set(), stopDraining() {} };
}

export function createGenerations<Source>(
  first: Generation,
  build: (source: Source) => Promise<Generation>,
  { onSwap, onEndFailed, onForcedEnd, schedule = later }: GenerationEvents = {},
): Generations<Source> {
  let inForce = toLiving(first);
  const living = new Set([inForce]);
  let waiting: Swap<Source> | undefined;
  let building: Promise<void> | undefined;
  let closed = false;

  const endIfUnused = (candidate: Living): void => {
    if (candidate === inForce || candidate.ends.size > 0 || !living.delete(candidate)) return;
    candidate.stopDraining();
    candidate.generation.close().catch((error: unknown) => onEndFailed?.(error));
    advance();
  };

  /** Who does not answer in all this time must not keep the next schema out. */
  const forceEnd = (candidate: Living): void => {
    const ends = [...candidate.ends];
    onForcedEnd?.(candidate.generation.version, ends.length);
    for (const end of ends) end();
    candidate.ends.clear();
    endIfUnused(candidate);
  };

  const advance = (): void => {
    if (building || closed || !waiting || living.size >= maxLiving) return;
    const swap = waiting;
    waiting = undefined;
    building = buildAndSwap(swap.source)
      .finally(() => {
        building = undefined;
        advance();
      })
      .then(swap.resolve, swap.reject);
  };

  const buildAndSwap = async (source: Source): Promise<string> => {
    const generation = await build(source);
    if (closed) {
      await generation.close();
      throw closing();
    }
    const previous = inForce;
    inForce = toLiving(generation);
    living.add(inForce);
    onSwap?.(generation.version);
    previous.stopDraining = schedule(() => forceEnd(previous), drainMs);
    endIfUnused(previous);
    return generation.version;
  };

  return {
    acquire(end = () => {}) {
      const held = inForce;
      held.ends.add(end);
      return {
        generation: held.generation,
        release() {
          if (held.ends.delete(end)) endIfUnused(held);
        },
      };
    },
    current: () => inForce.generation,
    replace(source) {
      if (closed) return Promise.reject(closing());
      const superseded = waiting;
      waiting = { source, ...Promise.withResolvers<string>() };
      const { promise } = waiting;
      // Who asked for a swap that a newer one made needless learns what came of the newer one.
      if (superseded) promise.then(superseded.resolve, superseded.reject);
      advance();
      return promise;
    },
    inspect: () =>
      [...living].reverse().map(({ generation: { version }, ends }) => ({ version, inFlight: ends.size })),
    async close() {
      closed = true;
      waiting?.reject(closing());
      const ending = [...living];
      living.clear();
      for (const { stopDraining } of ending) stopDraining();
      await Promise.all([building, ...ending.map(({ generation }) => generation.close())]);
    },
  };
}

function closing(): Error {
  return new Error('The gateway is closing.');
}
