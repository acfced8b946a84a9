/** Exchanges the code of wx.login for the identity behind it, at the server that knows the app. */
import { z } from 'zod';
import { type ErrorCode, RequestError } from '../../errors.ts';
import type { CallWechat, WechatReply } from './call-wechat.ts';

/** An identity as WeChat vouches for it. `unionid` is there only when the mini-program is bound to an open platform. */
export interface WechatIdentity {
  readonly openid: string;
  readonly sessionKey: string | undefined;
  readonly unionid: string | undefined;
}

/** A server that codes are exchanged at. */
export interface CodeSource {
  has(appId: string): boolean;
  ask(appId: string, code: string): Promise<WechatReply>;
  /** `undefined` for an answer that names nobody. */
  read(appId: string, data: Readonly<Record<string, unknown>>): WechatIdentity | undefined;
}

export interface MiniProgramCodesOptions {
  readonly call: CallWechat;
  /** Secrets by app id. */
  readonly apps: ReadonlyMap<string, { readonly secret: string }>;
}

export interface Code2SessionOptions {
  readonly sources: readonly CodeSource[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Code2Session {
  exchange(appId: string, code: string): Promise<WechatIdentity>;
}

const identity = z.object({
  openid: z.string().min(1),
  session_key: z.string().min(1),
  unionid: z.string().min(1).optional(),
});

/** WeChat's errcode to our code, message and wait; any other means that we cannot log in anyone now. */
const refusals: Readonly<Record<number, readonly [ErrorCode, string, retryAfterSeconds?: number]>> = {
  40029: ['INVALID_CODE', 'WeChat does not know this code, or it has expired. Call wx.login again.'],
  40163: ['CODE_USED', 'This code has been used. Call wx.login again.'],
  40226: ['USER_BLOCKED', 'WeChat does not let this user log in.'],
  45011: ['RATE_LIMITED', 'WeChat allows no more logins of this user for a while.', 60],
};

/** The mini-program has used up what it may ask today: every further question would be refused too. */
const quotaUsedUp = 45009;
const quotaPauseMs = 60_000;

export function createMiniProgramCodes({ call, apps }: MiniProgramCodesOptions): CodeSource {
  return {
    has: (appId) => apps.has(appId),
    ask: (appId, code) =>
      call({
        appId,
        method: 'GET',
        path: '/sns/jscode2session',
        query: {
          ...{ appid: appId, secret: apps.get(appId)?.secret ?? '' },
          ...{ js_code: code, grant_type: 'authorization_code' },
        },
        // Who answered "busy" may have spent the code all the same.
        repeatable: false,
      }),
    read(_appId, data) {
      const answer = identity.safeParse(data);
      if (!answer.success) return undefined;
      const { openid, session_key: sessionKey, unionid } = answer.data;
      return { openid, sessionKey, unionid };
    },
  };
}

/** `exchange` throws INVALID_CODE, CODE_USED, USER_BLOCKED, RATE_LIMITED, BAD_USER_INPUT or LOGIN_UNAVAILABLE. */
export function createCode2Session({ sources, now }: Code2SessionOptions): Code2Session {
  const pausedUntil = new Map<string, number>();
  return {
    async exchange(appId, code) {
      const source = sources.find((each) => each.has(appId));
      if (!source)
        throw new RequestError(
          'BAD_USER_INPUT',
          'This gateway does not serve the mini-program of this appId.',
        );
      const pauseEndsAt = pausedUntil.get(appId);
      if (pauseEndsAt !== undefined && now() < pauseEndsAt) throw unavailable();
      const reply = await source.ask(appId, code);
      if (!reply.ok) {
        if (reply.errcode === quotaUsedUp) pausedUntil.set(appId, now() + quotaPauseMs);
        throw toRequestError(reply.errcode);
      }
      const found = source.read(appId, reply.data);
      if (!found) throw unavailable();
      return found;
    },
  };
}

function toRequestError(errcode: number | undefined): RequestError {
  const [code, message, retryAfterSeconds] = refusals[errcode ?? 0] ?? [];
  if (!code || !message) return unavailable();
  return new RequestError(
    code,
    message,
    retryAfterSeconds ? { 'retry-after': String(retryAfterSeconds) } : {},
  );
}

function unavailable(): RequestError {
  return new RequestError('LOGIN_UNAVAILABLE', 'Login is not available now.', { 'retry-after': '2' });
}
