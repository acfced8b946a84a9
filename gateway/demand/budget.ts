/** What a budget is: for each payer a bucket of cost units that refills as time passes. */

export interface BudgetLimit {
  /** Cost units in a full bucket. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** Whom a bucket belongs to: a user, a mini-program, what calls itself one without a login, or a network address. */
export type PayerKind = 'principal' | 'app' | 'guestApp' | 'address';

export interface Bucket {
  readonly payer: PayerKind;
  readonly id: string;
  readonly limit: BudgetLimit;
}

export interface Granted {
  readonly granted: true;
  /** In the emptiest of the buckets, now. */
  readonly remaining: number;
  /** Gives cost units back to every bucket, or takes more when negative; in the background. */
  giveBack(cost: number): void;
}

export interface Refused {
  readonly granted: false;
  /** The bucket that takes longest to hold enough. */
  readonly bucket: Bucket;
  /** Until it does, if nobody else takes from it. */
  readonly waitSeconds: number;
}

/** A place that keeps buckets. A bucket that it does not know is full. */
export interface Budget {
  /**
   * Takes the cost from all buckets or from none. A cost above a bucket's capacity is granted when the bucket is full,
   * and leaves it in debt: otherwise it could never be paid.
   */
  take(buckets: readonly Bucket[], cost: number): Granted | Refused | Promise<Granted | Refused>;
}

/** Seconds until a bucket with so many tokens can pay; 0 when it can now. */
export function waitFor({ capacity, refillPerSecond }: BudgetLimit, tokens: number, cost: number): number {
  return Math.max(0, Math.min(cost, capacity) - tokens) / refillPerSecond;
}

/** Tokens after giving back: at most a full bucket, and at most one capacity in debt by what cost more than estimated. */
export function afterGivingBack({ capacity }: BudgetLimit, tokens: number, cost: number): number {
  const changed = tokens + cost;
  return cost < 0 ? Math.max(changed, Math.min(tokens, -capacity)) : Math.min(changed, capacity);
}
