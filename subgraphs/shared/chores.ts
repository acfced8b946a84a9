/** Work that a subgraph does again and again of its own accord, such as clearing away what has run out. */
import { setTimeout } from 'node:timers/promises';

/** Ends early when the signal aborts. */
export type Chore = (signal: AbortSignal) => Promise<void>;

export interface RunningChores {
  /** Resolves when the chore that is under way has ended. */
  stop(): Promise<void>;
}

export interface ChoreOptions {
  /** From the end of one round to the beginning of the next; the first begins at once. */
  readonly intervalMs: number;
  /** Sees why a chore failed; the others go on, and the next round tries it again. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** Does the chores in turn, round after round. */
export function startChores(chores: readonly Chore[], { intervalMs, onFault }: ChoreOptions): RunningChores {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      for (const chore of chores) {
        if (!signal.aborted) await chore(signal).catch((error) => onFault?.(error));
      }
      await setTimeout(intervalMs, undefined, { ref: false, signal }).catch(() => {});
    }
  };
  const running = run();
  return {
    stop() {
      stopping.abort();
      return running;
    },
  };
}
