/** Keeps budgets in the memory of this process, in bounded space. */
import {
  afterGivingBack,
  type Bucket,
  type Budget,
  type BudgetLimit,
  type Granted,
  type Refused,
  toBucketKey,
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
  /** As it was last asked for. */
  bucket: Bucket;
  /** Among the levels, for as long as it is kept. */
  readonly place: number;
  /** This process's part of the bucket's. */
  limit: BudgetLimit;
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

  const levelOf = (bucket: Bucket, nowMs: number): Level => {
    const key = toBucketKey(bucket);
    const known = levels[places.get(key) ?? -1];
    if (known)
      return known.bucket.limit === bucket.limit ? refilled(known, nowMs) : limited(known, bucket, nowMs);
    const place = levels.length < maxBuckets ? levels.length : makeRoom(nowMs);
    const limit = toShare(bucket.limit);
    const level = { key, bucket, place, limit, tokens: limit.capacity, atMs: nowMs };
    levels[place] = level;
    places.set(key, place);
    return level;
  };

  const toShare = ({ capacity, refillPerSecond }: BudgetLimit): BudgetLimit => ({
    capacity: capacity / nodes,
    refillPerSecond: refillPerSecond / nodes,
  });

  /** From now on: limits change with what is published. */
  const limited = (level: Level, bucket: Bucket, nowMs: number): Level => {
    refilled(level, nowMs);
    level.bucket = bucket;
    level.limit = toShare(bucket.limit);
    level.tokens = Math.min(level.tokens, level.limit.capacity);
    return level;
  };

  /** The same, found by who has held it; a level that was forgotten meanwhile begins anew. */
  const again = (level: Level, nowMs: number): Level =>
    levels[level.place] === level ? refilled(level, nowMs) : levelOf(level.bucket, nowMs);

  /**
   * The place of the fullest of a few buckets, the next few each time. A bucket that is forgotten is full again, so that
   * a full one is nothing to lose; who has spent much is not forgotten because a flood of new payers comes.
   */
  const makeRoom = (nowMs: number): number => {
    let place = nextLook;
    let highest = Number.NEGATIVE_INFINITY;
    for (let look = 0; look < maxLooks; look += 1) {
      const level = refilled(levels[nextLook] as Level, nowMs);
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
      const nowMs = now();
      const taken = buckets.map((bucket) => levelOf(bucket, nowMs));
      const refused = longestWait(taken, cost);
      if (refused) return refused;
      let remaining = Number.POSITIVE_INFINITY;
      for (const level of taken) {
        level.tokens -= cost;
        remaining = Math.min(remaining, level.tokens);
      }
      return {
        granted: true,
        remaining,
        giveBack(given) {
          const laterMs = now();
          for (const level of taken.map((held) => again(held, laterMs)))
            level.tokens = afterGivingBack(level.limit, level.tokens, given);
        },
      };
    },
  };
}

function refilled(level: Level, nowMs: number): Level {
  const { capacity, refillPerSecond } = level.limit;
  level.tokens = Math.min(capacity, level.tokens + ((nowMs - level.atMs) / 1000) * refillPerSecond);
  level.atMs = nowMs;
  return level;
}

function longestWait(levels: readonly Level[], cost: number): Refused | undefined {
  let longest: Refused | undefined;
  for (const { bucket, limit, tokens } of levels) {
    const waitSeconds = waitFor(limit, tokens, cost);
    if (waitSeconds > (longest?.waitSeconds ?? 0)) longest = { granted: false, bucket, waitSeconds };
  }
  return longest;
}
