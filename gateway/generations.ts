/** Keeps the generation in force and swaps in the next: requests stay with the one they began with to their end. */
import type { Generation } from './generation.ts';

export interface Generations {
  /** The generation in force, for one request; `release` says that the request has ended. */
  acquire(): { readonly generation: Generation; release(): void };
  /** For what is no request, such as a login. */
  current(): Generation;
  /**
   * Builds a generation from the source and swaps it in. At most three live at once: a further swap waits for one of
   * the old to end, which requests do by their own deadline; of those that wait only the newest is built.
   *
   * @returns the version in force afterwards: of this source, or of a newer one
   * @throws what building throws; the generation in force then stays
   */
  replace(source: string): Promise<string>;
  /** Of every generation that lives, the newest first. */
  inspect(): readonly { readonly version: string; readonly inFlight: number }[];
  /** Ends all of them, also one that is still being built. */
  close(): Promise<void>;
}

export interface GenerationEvents {
  readonly onSwap?: (version: string) => void;
  /** An old generation did not end cleanly; nobody uses it any more. */
  readonly onEndFailed?: (error: unknown) => void;
}

interface Living {
  readonly generation: Generation;
  inFlight: number;
}

interface Swap extends PromiseWithResolvers<string> {
  readonly source: string;
}

const maxLiving = 3;

export function createGenerations(
  first: Generation,
  build: (source: string) => Promise<Generation>,
  { onSwap, onEndFailed }: GenerationEvents = {},
): Generations {
  let inForce: Living = { generation: first, inFlight: 0 };
  const living = new Set([inForce]);
  let waiting: Swap | undefined;
  let building: Promise<void> | undefined;
  let closed = false;

  const endIfUnused = (candidate: Living): void => {
    if (candidate === inForce || candidate.inFlight > 0 || !living.delete(candidate)) return;
    candidate.generation.close().catch((error: unknown) => onEndFailed?.(error));
    advance();
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

  const buildAndSwap = async (source: string): Promise<string> => {
    const generation = await build(source);
    if (closed) {
      await generation.close();
      throw closing();
    }
    const previous = inForce;
    inForce = { generation, inFlight: 0 };
    living.add(inForce);
    onSwap?.(generation.version);
    endIfUnused(previous);
    return generation.version;
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
      [...living].reverse().map(({ generation: { version }, inFlight }) => ({ version, inFlight })),
    async close() {
      closed = true;
      waiting?.reject(closing());
      const ending = [...living];
      living.clear();
      await Promise.all([building, ...ending.map(({ generation }) => generation.close())]);
    },
  };
}

function closing(): Error {
  return new Error('The gateway is closing.');
}
