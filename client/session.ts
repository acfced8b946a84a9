/** Keeps the person logged in: one refresh or login at a time, however many requests wait for it. */

import { createDeviceId } from './device-id.ts';
import { toBadResponse, toGraphqlResult } from './graphql-answer.ts';
import { createIdempotencyKey } from './idempotency-key.ts';
import { type Failure, isObject, type Outcome } from './result.ts';
import { type Answer, type Transport, toFailure } from './transport.ts';
import type { WxRuntime } from './wx-runtime.ts';

export interface User {
  readonly id: string;
  readonly roles: readonly string[];
}

export interface Login {
  readonly accessToken: string;
  /** When to ask for new tokens, in milliseconds since 1970: shortly before the access token expires. */
  readonly renewAt: number;
  /** Good for one refresh, which gives the next. */
  readonly refreshToken?: string | undefined;
  readonly user: User;
}

export interface Session {
  /** The login in force; refreshes it when it is old, logs in when there is none. */
  current(): Promise<Outcome<Login>>;
  /**
   * A login whose token is not the refused one; refreshes or logs in unless another request has done so already.
   *
   * @param withCode only a new code of wx.login can help
   */
  renew(refusedToken: string, withCode: boolean): Promise<Outcome<Login>>;
}

export interface SessionOptions {
  readonly wx: WxRuntime;
  readonly transport: Transport;
  readonly appId: string;
  readonly storageKey: string;
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A code of wx.login, with the key by which the gateway knows a repetition. */
interface SentCode {
  readonly code: string;
  readonly idempotencyKey: string;
  /** Until when the gateway gives the same answer again; milliseconds since 1970. */
  readonly repeatUntil: number;
}

/** The gateway remembers its answer for as long from when it gave it. */
const repeatMs = 60_000;

/** WeChat counts logins by the minute, so a refusal that names no time is respected this long. */
const defaultPauseSeconds = 60;

export function createSession(options: SessionOptions): Session {
  const { wx, storageKey, now } = options;
  const exchangeCode = createExchangeCode(options);
  let login: Login | undefined;
  let storageRead = false;
  let pending: Promise<Outcome<Login>> | undefined;
  let pause: { readonly until: number; readonly failure: Failure } | undefined;

  function loginInForce(): Login | undefined {
    if (!storageRead) {
      storageRead = true;
      login = loadLogin(wx, storageKey);
    }
    return login && now() < login.renewAt ? login : undefined;
  }

  async function obtainOnce(): Promise<Outcome<Login>> {
    try {
      const result = await obtain(options, login, exchangeCode);
      if (result.ok) {
        login = result.data;
        saveLogin(wx, storageKey, login);
      } else {
        const { status, retryAfterSeconds = status === 429 ? defaultPauseSeconds : 0 } = result.error;
        pause = { until: now() + retryAfterSeconds * 1000, failure: result };
      }
      return result;
    } finally {
      pending = undefined;
    }
  }

  async function current(): Promise<Outcome<Login>> {
    if (pending) return pending;
    const inForce = loginInForce();
    if (inForce) return { ok: true, data: inForce };
    if (pause && now() < pause.until) return pause.failure;
    pending = obtainOnce();
    return pending;
  }

  return {
    current,
    renew: (refusedToken, withCode) => {
      if (login && login.accessToken === refusedToken) {
        login = Object.assign({}, login, { renewAt: 0 }, withCode && { refreshToken: undefined });
      }
      return current();
    },
  };
}

/** WeChat counts logins, so it is asked only when the gateway takes no refresh token. */
async function obtain(
  options: SessionOptions,
  old: Login | undefined,
  exchangeCode: () => Promise<Outcome<Login>>,
): Promise<Outcome<Login>> {
  if (old?.refreshToken) {
    const refreshed = await exchange(options, '/auth/refresh', { refreshToken: old.refreshToken });
    if (refreshed.ok || refreshed.error.kind !== 'unauthenticated') return refreshed;
  }
  // Once more when WeChat calls the code used or invalid: only a fresh one can help then.
  const result = await exchangeCode();
  return !result.ok && result.error.kind === 'unauthenticated' ? exchangeCode() : result;
}

/** A code whose answer was lost is sent again for a minute, before wx.login is asked for another. */
function createExchangeCode(options: SessionOptions): () => Promise<Outcome<Login>> {
  const { wx, appId, timeoutMs, now } = options;
  const deviceId = createDeviceId(wx, appId);
  let unanswered: SentCode | undefined;
  return async () => {
    if (!unanswered || now() >= unanswered.repeatUntil) {
      const code = await loadCode(wx, timeoutMs);
      if (!code.ok) return code;
      const idempotencyKey = await createIdempotencyKey(wx);
      unanswered = { code: code.data, idempotencyKey, repeatUntil: now() + repeatMs };
    }
    const { code, idempotencyKey } = unanswered;
    const result = await exchange(
      options,
      '/auth/wechat/login',
      { appId, code, deviceId },
      { 'idempotency-key': idempotencyKey },
    );
    // A code in the answer is the gateway's: it has spoken, of this code for good.
    if (result.ok || result.error.code) unanswered = undefined;
    return result;
  };
}

async function exchange(
  { transport, now }: SessionOptions,
  path: string,
  body: object,
  headers?: Readonly<Record<string, string>>,
): Promise<Outcome<Login>> {
  const answer = await transport({ path, body, headers });
  return answer.ok ? toLogin(answer.data, now()) : answer;
}

function loadCode(wx: WxRuntime, timeoutMs: number): Promise<Outcome<string>> {
  return new Promise((resolve) => {
    try {
      wx.login({
        timeout: timeoutMs,
        success: ({ code }) => resolve({ ok: true, data: code }),
        fail: (failure) => resolve(toFailure(failure)),
      });
    } catch (error) {
      resolve(toFailure({ errMsg: String(error) }));
    }
  });
}

function toLogin(answer: Answer, now: number): Outcome<Login> {
  const { body, status } = answer;
  if (status === 200 && isObject(body) && typeof body.expiresInSeconds === 'number') {
    // A tenth of the lifetime is left for the request that carries the token, and for clocks that differ.
    const login = {
      accessToken: body.accessToken,
      renewAt: now + body.expiresInSeconds * 900,
      refreshToken: body.refreshToken,
      user: body.user,
    };
    if (isLogin(login)) return { ok: true, data: login };
  }
  const refusal = toGraphqlResult<never>(answer);
  return refusal.ok ? { ok: false, error: toBadResponse(answer) } : refusal;
}

function isLogin(value: unknown): value is Login {
  return (
    isObject(value) &&
    typeof value.accessToken === 'string' &&
    typeof value.renewAt === 'number' &&
    (value.refreshToken === undefined || typeof value.refreshToken === 'string') &&
    isObject(value.user) &&
    typeof value.user.id === 'string' &&
    Array.isArray(value.user.roles)
  );
}

function loadLogin(wx: WxRuntime, storageKey: string): Login | undefined {
  try {
    const stored = wx.getStorageSync(storageKey);
    return isLogin(stored) ? stored : undefined;
  } catch {
    return undefined;
  }
}

function saveLogin(wx: WxRuntime, storageKey: string, login: Login): void {
  try {
    wx.setStorageSync(storageKey, login);
  } catch {
    // A full storage costs one more login at the next start, nothing else.
  }
}
