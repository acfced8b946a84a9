/** Keeps budgets in the memory of this process, in bounded space. */
import {
  afterGivingBack,
  type Bucket,
  type Budget,
  type BudgetLimit,
  type Granted,
  type Refused,
  waitFor,
} from './budget.ts';

export interface MemoryBudgetOptions {
  /** Processes that share the limits: each grants an equal part of them. */
  readonly nodes: number;
  /** Buckets kept; beyond it full ones make room. */
  readonly maxBuckets: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

export interface MemoryBudget extends Budget {
  take(buckets: readonly Bucket[], cost: number): Granted | Refused;
}

interface Level {
  readonly key: string;
  readonly limit: BudgetLimit;
  tokens: number;
  /** When `tokens` was true. */
  atMs: number;
}

/** Buckets looked at for room. */
const maxLooks = 8;

export function createMemoryBudget({ nodes, maxBuckets, now }: MemoryBudgetOptions): MemoryBudget {
  const levels: Level[] = [];
  const places = new Map<string, number>();
  let nextLook = 0;

  const levelOf = ({ payer, id, limit }: Bucket): Level => {
    const key = `${payer} ${id}`;
    const known = levels[places.get(key) ?? -1];
    if (known) return refilled(known);
    const share = { capacity: limit.capacity / nodes, refillPerSecond: limit.refillPerSecond / nodes };
    const level = { key, limit: share, tokens: share.capacity, atMs: now() };
    const place = levels.length < maxBuckets ? levels.length : makeRoom();
    levels[place] = level;
    places.set(key, place);
    return level;
  };

  const refilled = (level: Level): Level => {
    const nowMs = now();
    const { capacity, refillPerSecond } = level.limit;
    level.tokens = Math.min(capacity, level.tokens + ((nowMs - level.atMs) / 1000) * refillPerSecond);
    level.atMs = nowMs;
    return level;
  };

  /**
   * The place of the fullest of a few buckets, the next few each time. A bucket that is forgotten is full again, so that
   * a full one is nothing to lose; who has spent much is not forgotten because a flood of new payers comes.
   */
  const makeRoom = (): number => {
    let place = nextLook;
    let highest = Number.NEGATIVE_INFINITY;
    for (let look = 0; look < maxLooks; look += 1) {
      const level = refilled(levels[nextLook] as Level);
      const fullness = level.tokens / level.limit.capacity;
      if (fullness > highest) {
        place = nextLook;
        highest = fullness;
      }
      nextLook = (nextLook + 1) % maxBuckets;
    }
    places.delete((levels[place] as Level).key);
    return place;
  };

  return {
    take(buckets, cost) {
      const taken = buckets.map((bucket) => ({ bucket, level: levelOf(bucket) }));
      const waits = taken.map(({ bucket, level }) => ({
        bucket,
        waitSeconds: waitFor(level.limit, level.tokens, cost),
      }));
      const longest = waits.reduce((a, b) => (b.waitSeconds > a.waitSeconds ? b : a));
      if (longest.waitSeconds > 0) return { granted: false, ...longest };
      for (const { level } of taken) level.tokens -= cost;
      return {
        granted: true,
        remaining: Math.min(...taken.map(({ level }) => level.tokens)),
        giveBack(given) {
          for (const { bucket } of taken) {
            const level = levelOf(bucket);
            level.tokens = afterGivingBack(level.limit, level.tokens, given);
          }
        },
      };
    },
  };
}
