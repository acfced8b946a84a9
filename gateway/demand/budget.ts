/** What a budget is: for each payer a bucket of units that refills as time passes. */
import { hash } from 'node:crypto';

export interface BudgetLimit {
  /** Units in a full bucket. */
  readonly capacity: number;
  readonly refillPerSecond: number;
}

/** What is counted: cost units, requests, logins, what is done with a session, or all requests that one process has seen. */
export type Unit = 'cost' | 'requests' | 'logins' | SessionUse | 'flood';

/** A lookup asks whose session it is. */
export type SessionUse = 'refreshes' | 'logouts' | 'lookups';

/** Whom a bucket belongs to, and how an answer names it. */
export const payers = {
  principal: 'user',
  app: 'mini-program',
  guestApp: 'mini-program without a login',
  address: 'network address',
  newcomer: 'user, who has just logged in,',
  newcomersOfAddress: 'network address with those who have just logged in',
  operation: 'operation',
  code: 'login code',
  session: 'session',
} as const;

export type PayerKind = keyof typeof payers;

export interface Bucket {
  readonly of: Unit;
  readonly payer: PayerKind;
  readonly id: string;
  readonly limit: BudgetLimit;
}

export interface Granted {
  readonly granted: true;
  /** In the emptiest of the buckets, now. */
  readonly remaining: number;
  /** Gives units back to every bucket, or takes more when negative; in the background. */
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

/** Longer ids are hashed: they are what clients make them, and must not fill the memory. */
const maxIdLength = 64;

/** Names a bucket in memory. The mark before the id says whether it is hashed, so that none can pass for another's hash. */
export function toBucketKey({ of, payer, id }: Bucket): string {
  if (id.length <= maxIdLength) return `${of} ${payer} ${id}`;
  return `${of} ${payer}#${hash('sha256', id, 'base64url')}`;
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
