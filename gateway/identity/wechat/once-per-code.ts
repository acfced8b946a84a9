/** Lets a login code be exchanged once, however often it arrives: together, again after a lost answer, or spent. */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
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

/** The answers of other gateways to logins that were sent with an idempotency key. Neither rejects. */
export interface SharedAnswers<T> {
  find(login: CodeToExchange): Promise<T | undefined>;
  keep(login: CodeToExchange, answer: T): Promise<void>;
}

export interface OncePerCodeOptions<T> {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** In development: the simulator's codes are good any number of times. */
  readonly mayRepeat: boolean;
  /** Without it each gateway knows its own answers alone. */
  readonly shared?: SharedAnswers<T> | undefined;
  /** How long an answer is given again. */
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

/** What WeChat says of a code that somebody has used, one or the other. */
const spent: ReadonlySet<ErrorCode> = new Set(['INVALID_CODE', 'CODE_USED']);

export const defaultReplayMs = 60_000;

/** After it another gateway that was at the same login has come to its end. */
const otherGatewayMs = 300;

export function createOncePerCode<T>({
  now,
  mayRepeat,
  shared,
  replayMs = defaultReplayMs,
  refusalMs = 60_000,
  maxCodes = 10_000,
}: OncePerCodeOptions<T>): OncePerCode<T> {
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

  async function exchangeOnce(login: CodeToExchange, exchange: () => Promise<T>): Promise<T> {
    if (!shared || login.idempotencyKey === undefined) return exchange();
    const known = await shared.find(login);
    if (known) return known;
    try {
      const answer = await exchange();
      await shared.keep(login, answer);
      return answer;
    } catch (error) {
      if (!(error instanceof RequestError && spent.has(error.code))) throw error;
      await wait(otherGatewayMs);
      const late = await shared.find(login);
      if (late) return late;
      throw error;
    }
  }

  return async (login, exchange) => {
    const { appId, code, idempotencyKey } = login;
    const id = createHash('sha256').update(`${appId}\0${code}`).digest('base64url');
    const found = find(id);
    if (!found) return begin(id, idempotencyKey, () => exchangeOnce(login, exchange));
    if (idempotencyKey !== undefined && idempotencyKey === found.idempotencyKey) return found.outcome;
    if (found.succeeded && mayRepeat) return exchange();
    await found.outcome;
    throw new RequestError('CODE_USED', 'This code has been used. Call wx.login again.');
  };
}
