/** Repeats, for as long as the subgraph runs, what a crash or an unreachable product subgraph left undone. */
import { setTimeout } from 'node:timers/promises';
import { type OrderServices, settleUnsettled } from './settle-stock.ts';

export interface StockRecovery {
  /** Ends after the order that is being settled. */
  stop(): Promise<void>;
}

/** The first pass begins at once, each further one `intervalMs` after the end of the last. */
export function startStockRecovery(
  services: OrderServices,
  { intervalMs, onFault }: { intervalMs: number; onFault?: ((error: unknown) => void) | undefined },
): StockRecovery {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async () => {
    while (!signal.aborted) {
      await settleUnsettled(services, signal).catch((error) => onFault?.(error));
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
