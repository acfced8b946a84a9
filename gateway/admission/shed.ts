/** Stage 2: refuses requests while the process has more to do than it can answer in time. */
import { RequestError } from '../errors.ts';

export type ShedReason = 'in-flight' | 'cost-in-flight' | 'event-loop';

export interface Shed {
  /** Before the body of a request is read. @throws OVERLOADED */
  check(): void;
  /** Counts a request in, once its body is there: slow senders take no place. @throws OVERLOADED */
  enter(): void;
  /** Counts out a request that had entered. */
  leave(): void;
  /** Counts the estimated cost of an operation in; give it back by `returnCost`. @throws OVERLOADED */
  takeCost(cost: number): void;
  returnCost(cost: number): void;
  /** Tells how late the event loop was just now. */
  observeLag(lagMs: number): void;
  /** Whether the event loop has been late for so long that nobody should send requests here. */
  isLate(): boolean;
}

export interface ShedOptions {
  readonly maxInFlight: number;
  /** Bounds the dear operations among those in flight, so that there is room for cheap ones. */
  readonly maxCostInFlight: number;
  readonly maxLagMs: number;
  readonly onRefuse: (reason: ShedReason) => void;
  /** Milliseconds, never going back. */
  readonly now: () => number;
}

/** How long the lag must last before requests are refused, and be gone before they are taken again. */
const patienceMs = 1_000;

/** A lag that counts as gone, as a part of the one that counts as late: between them nothing changes. */
const calmShare = 0.5;

export function createShed(options: ShedOptions): Shed {
  const { maxInFlight, maxCostInFlight, maxLagMs, onRefuse, now } = options;
  let inFlight = 0;
  let costInFlight = 0;
  let late = false;
  let lateSinceMs: number | undefined;
  let calmSinceMs: number | undefined;

  const refuse = (reason: ShedReason, message: string): never => {
    onRefuse(reason);
    throw new RequestError('OVERLOADED', message, { 'retry-after': '1' });
  };
  const check = (): void => {
    if (late) refuse('event-loop', 'The gateway is late.');
    if (inFlight >= maxInFlight) refuse('in-flight', 'Too many requests are being answered.');
  };

  return {
    check,
    enter() {
      check();
      inFlight += 1;
    },
    leave() {
      inFlight -= 1;
    },
    takeCost(cost) {
      // One that costs more than all together may is for its own price to refuse.
      const isTooMuch = costInFlight > 0 && costInFlight + cost > maxCostInFlight;
      if (isTooMuch && cost <= maxCostInFlight)
        refuse('cost-in-flight', 'Too many dear operations are being answered.');
      costInFlight += cost;
    },
    returnCost(cost) {
      costInFlight -= cost;
    },
    observeLag(lagMs) {
      const nowMs = now();
      if (lagMs > maxLagMs) {
        calmSinceMs = undefined;
        // The loop was late from the beginning of the hold, which may have been long ago.
        lateSinceMs ??= nowMs - lagMs;
        late ||= nowMs - lateSinceMs >= patienceMs;
      } else {
        lateSinceMs = undefined;
        calmSinceMs = lagMs > maxLagMs * calmShare ? undefined : (calmSinceMs ?? nowMs);
        if (calmSinceMs !== undefined && nowMs - calmSinceMs >= patienceMs) late = false;
      }
    },
    isLate: () => late,
  };
}
