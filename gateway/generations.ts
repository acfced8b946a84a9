/** Keeps the generation in force and swaps in the next: requests stay with the one they began with to their end. */
import type { Generation } from './generation.ts';

export interface Generations {
  /** The generation in force, for one request; `release` says that the request has ended. */
  acquire(): { readonly generation: Generation; release(): void };
  /** For what is no request, such as a login. */
  current(): Generation;
  /**
   * Builds a generation from the source and swaps it in. At most three live at once: a further swap waits for the
   * oldest to end, and of those that wait only the newest is built.
   *
   * @returns the version in force afterwards: of this source, or of a newer one
   * @throws what building throws; the generation in force then stays
   */
  replace(source: string): Promise<string>;
  /** Of every generation that lives, the newest first. */
  inspect(): readonly { readonly version: string; readonly inFlight: number }[];
  close(): Promise<void>;
}

interface Living {
  readonly generation: Generation;
  inFlight: number;
}

interface Swap {
  readonly source: string;
  readonly done: PromiseWithResolvers<string>;
}

const maxLiving = 3;

export function createGenerations(
  first: Generation,
  build: (source: string) => Promise<Generation>,
  onSwap: (version: string) => void = () => {},
): Generations {
  let inForce: Living = { generation: first, inFlight: 0 };
  const living = new Set([inForce]);
  let waiting: Swap | undefined;
  let building = false;
  let closed = false;

  const endIfUnused = (candidate: Living): void => {
    if (candidate === inForce || candidate.inFlight > 0 || !living.delete(candidate)) return;
    void candidate.generation.close();
    void advance();
  };

  const advance = async (): Promise<void> => {
    if (building || closed || !waiting || living.size >= maxLiving) return;
    const swap = waiting;
    waiting = undefined;
    building = true;
    try {
      const next: Living = { generation: await build(swap.source), inFlight: 0 };
      const previous = inForce;
      living.add(next);
      inForce = next;
      onSwap(next.generation.version);
      endIfUnused(previous);
      swap.done.resolve(next.generation.version);
    } catch (error) {
      swap.done.reject(error);
    } finally {
      building = false;
      void advance();
    }
  };

  return {
    acquire() {
      const held = inForce;
      held.inFlight += 1;
      let released = false;
      return {
        generation: held.generation,
        release() {
          if (released) return;
          released = true;
          held.inFlight -= 1;
          endIfUnused(held);
        },
      };
    },
    current: () => inForce.generation,
    replace(source) {
      const swap: Swap = { source, done: Promise.withResolvers() };
      const superseded = waiting;
      waiting = swap;
      // Who asked for a swap that a newer one made needless learns what came of the newer one.
      swap.done.promise.then(superseded?.done.resolve, superseded?.done.reject);
      void advance();
      return swap.done.promise;
    },
    inspect: () =>
      [...living].reverse().map(({ generation: { version }, inFlight }) => ({ version, inFlight })),
    async close() {
      closed = true;
      await Promise.all([...living].map(({ generation }) => generation.close()));
    },
  };
}
