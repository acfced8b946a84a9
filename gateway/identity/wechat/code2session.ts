/** Exchanges the code of wx.login for the identity behind it, at WeChat's server. */
import { Agent, request as httpRequest } from 'undici';
import { z } from 'zod';
import { type ErrorCode, RequestError } from '../../errors.ts';

/** An identity as WeChat vouches for it. `unionid` is there only when the mini-program is bound to an open platform. */
export interface WechatIdentity {
  readonly openid: string;
  readonly sessionKey: string;
  readonly unionid: string | undefined;
}

export interface Code2SessionOptions {
  /** `https://api.weixin.qq.com` in production. */
  readonly baseUrl: URL;
  /** Secrets by app id. */
  readonly apps: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Told of every refusal by WeChat; `errmsg` holds the id that WeChat's support asks for. */
  readonly onRefusal: (refusal: { appId: string; errcode: number; errmsg: string }) => void;
}

export interface Code2Session {
  exchange(appId: string, code: string): Promise<WechatIdentity>;
  close(): Promise<void>;
}

// WeChat answers HTTP 200 to everything; `errcode` may be missing or 0 on success.
const answerSchema = z.object({
  errcode: z.number().optional(),
  errmsg: z.string().optional(),
  openid: z.string().optional(),
  session_key: z.string().optional(),
  unionid: z.string().optional(),
});

/** WeChat's errcode to our code, message and wait; any other means that we cannot log in anyone now. */
const refusals: Readonly<Record<number, readonly [ErrorCode, string, retryAfterSeconds?: number]>> = {
  40029: ['INVALID_CODE', 'WeChat does not know this code, or it has expired. Call wx.login again.'],
  40163: ['CODE_USED', 'This code has been used. Call wx.login again.'],
  40226: ['USER_BLOCKED', 'WeChat does not let this user log in.'],
  45011: ['RATE_LIMITED', 'WeChat allows no more logins of this user for a while.', 60],
};

const maxAnswerBytes = 65_536;

/** `exchange` throws INVALID_CODE, CODE_USED, USER_BLOCKED, RATE_LIMITED, BAD_USER_INPUT or LOGIN_UNAVAILABLE. */
export function createCode2Session(options: Code2SessionOptions): Code2Session {
  const agent = new Agent({ connections: 50, maxResponseSize: maxAnswerBytes });
  const ask = async (appId: string, secret: string, code: string): Promise<unknown> => {
    const url = new URL('/sns/jscode2session', options.baseUrl);
    url.search = new URLSearchParams({
      appid: appId,
      secret,
      js_code: code,
      grant_type: 'authorization_code',
    }).toString();
    try {
      const { body } = await httpRequest(url, {
        dispatcher: agent,
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      return await body.json();
    } catch {
      // The cause would carry the address, and with it the secret and the code.
      throw unavailable();
    }
  };
  return {
    async exchange(appId, code) {
      const secret = Object.hasOwn(options.apps, appId) ? options.apps[appId] : undefined;
      if (!secret)
        throw new RequestError(
          'BAD_USER_INPUT',
          'This gateway does not serve the mini-program of this appId.',
        );
      const answer = answerSchema.safeParse(await ask(appId, secret, code));
      if (!answer.success) throw unavailable();
      const { errcode, errmsg = '', openid, session_key: sessionKey, unionid } = answer.data;
      if (errcode) {
        options.onRefusal({ appId, errcode, errmsg });
        throw toRequestError(errcode);
      }
      if (!openid || !sessionKey) throw unavailable();
      return { openid, sessionKey, unionid };
    },
    close: () => agent.close(),
  };
}

function toRequestError(errcode: number): RequestError {
  const [code, message, retryAfterSeconds] = refusals[errcode] ?? [];
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
