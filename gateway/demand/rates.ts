/** Stage 8: holds to its rate who asks, who logs in, and where refused requests come from. */
import { toAddressBlock } from '../address.ts';
import { type ErrorCode, errorTable, RequestError } from '../errors.ts';
import type { RegisteredOperation } from '../persisted/safelist.ts';
import { type Bucket, type BudgetLimit, payers, type Refused, type SessionUse, type Unit } from './budget.ts';
import type { Payer } from './payers.ts';
import { createRateBuckets, type RateBuckets, type RateLimits } from './rate-buckets.ts';
import type { RecallingBudget } from './recall-refusals.ts';

export interface LoginClaims {
  readonly address: string;
  /** As the request says, whatever that is. */
  readonly appId: unknown;
  readonly code: unknown;
}

export interface SessionUseClaims {
  readonly address: string;
  /** That of the token or cookie; `undefined` where it is none that was given out here. */
  readonly sessionId: string | undefined;
}

export interface Rates {
  /**
   * Counts a request, whatever becomes of it. Rejects with RATE_LIMITED.
   *
   * @param toBuckets under other limits than the gateway's own
   */
  charge(payer: Payer, registered?: RegisteredOperation, toBuckets?: RateBuckets): Promise<void>;
  /** Counts an attempt to log in. Rejects with RATE_LIMITED. */
  chargeLogin(claims: LoginClaims): Promise<void>;
  /** Counts an attempt to use a session, each use by itself: who refreshes too often can still log out. Rejects with RATE_LIMITED. */
  chargeSession(use: SessionUse, claims: SessionUseClaims): Promise<void>;
  /** Counts a request that was refused before it was known whose it is, in the background; one that failed to say who sends it counts five times. */
  chargeRefusal(address: string, code: ErrorCode): void;
  /** From memory, for a request that brings nothing but its address. @throws RATE_LIMITED */
  checkGuest(address: string): void;
}

export interface RatesOptions {
  readonly limits: RateLimits & {
    readonly login: { readonly address: BudgetLimit; readonly app: BudgetLimit; readonly code: BudgetLimit };
    /** Of each use. */
    readonly refresh: { readonly address: BudgetLimit; readonly session: BudgetLimit };
  };
  readonly budget: RecallingBudget;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told by which rate. */
  readonly onRefuse: (reason: string) => void;
}

const failedAuthentication = 5;

const prices: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: failedAuthentication,
  INVALID_CODE: failedAuthentication,
  CODE_USED: failedAuthentication,
  SIGNATURE_INVALID: failedAuthentication,
  REPLAYED: failedAuthentication,
  // These two are how an address is held off already.
  RATE_LIMITED: 0,
  ADDRESS_DENIED: 0,
};

export function createRates({ limits, budget, now, onRefuse }: RatesOptions): Rates {
  const ownBuckets = createRateBuckets(limits, now);
  const refuse = (refused: Refused): never => {
    onRefuse(toReason(refused.bucket));
    throw beyondRate(refused);
  };
  const take = async (buckets: readonly Bucket[], requests = 1): Promise<void> => {
    const limited = buckets.filter(({ limit }) => limit.capacity > 0);
    if (limited.length === 0) return;
    const answer = await budget.take(limited, requests);
    if (!answer.granted) refuse(answer);
  };
  const bucketsOfAddress = (address: string): Bucket[] =>
    limits.address.capacity === 0
      ? []
      : [{ of: 'requests', payer: 'address', id: toAddressBlock(address), limit: limits.address }];

  return {
    charge: (payer, registered, toBuckets = ownBuckets) => take(toBuckets(payer, registered)),
    chargeLogin({ address, appId, code }) {
      const app = typeof appId === 'string' ? appId : '';
      const buckets: Bucket[] = [
        { of: 'logins', payer: 'address', id: toAddressBlock(address), limit: limits.login.address },
        { of: 'logins', payer: 'app', id: app, limit: limits.login.app },
        ...(typeof code === 'string'
          ? [
              {
                of: 'logins',
                payer: 'code',
                id: JSON.stringify([app, code]),
                limit: limits.login.code,
              } as const,
            ]
          : []),
      ];
      return take(buckets);
    },
    chargeSession(of, { address, sessionId }) {
      const { refresh } = limits;
      const byAddress: Bucket = { of, payer: 'address', id: toAddressBlock(address), limit: refresh.address };
      if (sessionId === undefined) return take([byAddress]);
      return take([byAddress, { of, payer: 'session', id: sessionId, limit: refresh.session }]);
    },
    chargeRefusal(address, code) {
      const price = prices[code] ?? (errorTable[code].status < 500 ? 1 : 0);
      const buckets = bucketsOfAddress(address);
      // Nobody waits for it: who is refused is answered at once, and what comes next finds the bucket emptier.
      if (price > 0 && buckets.length > 0) void Promise.resolve(budget.take(buckets, price)).catch(() => {});
    },
    checkGuest(address) {
      const refused = budget.recall(bucketsOfAddress(address));
      if (refused) refuse(refused);
    },
  };
}

const reasons: Partial<Record<Unit, string>> = {
  ...{ logins: 'login', refreshes: 'refresh', logouts: 'logout', lookups: 'lookup' },
};

function toReason({ of, payer }: Bucket): string {
  const reason = reasons[of];
  return reason === undefined ? payer : `${reason}-${payer}`;
}

function beyondRate({ bucket, waitSeconds }: Refused): RequestError {
  const { capacity, refillPerSecond } = bucket.limit;
  const aMinute = Math.round(refillPerSecond * 60);
  return new RequestError(
    'RATE_LIMITED',
    `More ${bucket.of} than are taken from this ${payers[bucket.payer]}: ${capacity} at once, ${aMinute} a minute.`,
    { 'retry-after': String(Math.max(1, Math.ceil(waitSeconds))) },
  );
}
