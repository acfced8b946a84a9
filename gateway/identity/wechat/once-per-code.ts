/** Lets a login code be exchanged once, however often it arrives: together, again after a lost answer, or spent. */
import { createHash } from 'node:crypto';
import { type ErrorCode, RequestError } from '../../errors.ts';

export interface CodeToExchange {
  readonly appId: string;
  readonly code: string;
  /**
   * What the client made for this one login and sends with each try of it. Only who sends the same again gets the same
   * answer again: the code alone may have been overheard.
   */
  readonly idempotencyKey: string | undefined;
}

/** @throws CODE_USED while or after somebody else's exchange succeeds, else what `exchange` throws */
export type OncePerCode<T> = (code: CodeToExchange, exchange: () => Promise<T>) => Promise<T>;

export interface OncePerCodeOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** In development: the simulator's codes are good any number of times. */
  readonly mayRepeat: boolean;
  /** How long an answer is given again. Default 60,000. */
  readonly replayMs?: number;
  /** How long a code that WeChat refused is refused without asking. Default 60,000. */
  readonly refusalMs?: number;
  /** The oldest make room beyond this. Default 10,000. */
  readonly maxCodes?: number;
}

interface Exchange<T> {
  readonly idempotencyKey: string | undefined;
  readonly outcome: Promise<T>;
  /** Milliseconds since 1970; `undefined` while it is under way. */
  endsAt: number | undefined;
  succeeded: boolean;
}

/** What WeChat says of the code itself, and would say again. */
const finalRefusals: ReadonlySet<ErrorCode> = new Set(['INVALID_CODE', 'CODE_USED', 'USER_BLOCKED']);

export function createOncePerCode<T>({
  now,
  mayRepeat,
  replayMs = 60_000,
  refusalMs = 60_000,
  maxCodes = 10_000,
}: OncePerCodeOptions): OncePerCode<T> {
  const exchanges = new Map<string, Exchange<T>>();

  function find(id: string): Exchange<T> | undefined {
    const found = exchanges.get(id);
    if (found?.endsAt === undefined || found.endsAt > now()) return found;
    exchanges.delete(id);
    return undefined;
  }

  function begin(id: string, idempotencyKey: string | undefined, exchange: () => Promise<T>): Promise<T> {
    const begun: Exchange<T> = { idempotencyKey, outcome: exchange(), endsAt: undefined, succeeded: false };
    exchanges.delete(id);
    exchanges.set(id, begun);
    begun.outcome.then(
      () => {
        begun.succeeded = true;
        begun.endsAt = now() + replayMs;
      },
      (error: unknown) => {
        if (error instanceof RequestError && finalRefusals.has(error.code)) begun.endsAt = now() + refusalMs;
        else if (exchanges.get(id) === begun) exchanges.delete(id);
      },
    );
    const [oldest] = exchanges.keys();
    if (exchanges.size > maxCodes && oldest !== undefined) exchanges.delete(oldest);
    return begun.outcome;
  }

  return async ({ appId, code, idempotencyKey }, exchange) => {
    const id = createHash('sha256').update(`${appId}\0${code}`).digest('base64url');
    const found = find(id);
    if (!found) return begin(id, idempotencyKey, exchange);
    if (idempotencyKey !== undefined && idempotencyKey === found.idempotencyKey) return found.outcome;
    if (found.succeeded && mayRepeat) return exchange();
    await found.outcome;
    throw new RequestError('CODE_USED', 'This code has been used. Call wx.login again.');
  };
}
