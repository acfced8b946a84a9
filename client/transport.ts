/** Sends JSON by `wx.request` and answers with a value, whatever happens. */
import { type ClientError, type Failure, isObject, type Outcome } from './result.ts';
import type { WxFailure, WxRequestTask, WxResponse, WxRuntime } from './wx-runtime.ts';

/** An HTTP response of any status. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterSeconds?: number | undefined;
}

export interface TransportOptions {
  readonly wx: WxRuntime;
  /** The gateway's origin, without a trailing slash. */
  readonly url: string;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export interface Post {
  readonly path: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Receives what can abort the request, once it is sent. */
  readonly onTask?: (task: WxRequestTask) => void;
}

export type Transport = (post: Post) => Promise<Outcome<Answer>>;

export function createTransport({ wx, url, headers, timeoutMs }: TransportOptions): Transport {
  return (post) => {
    // Text, not an object: WeChat would serialise an object in its own way.
    const data = JSON.stringify(post.body);
    const header = Object.assign({ 'content-type': 'application/json' }, headers, post.headers);
    return new Promise((resolve) => {
      try {
        const task = wx.request({
          url: url + post.path,
          method: 'POST',
          header,
          data,
          timeout: timeoutMs,
          success: (response) => resolve({ ok: true, data: toAnswer(response) }),
          fail: (failure) => resolve(toFailure(failure)),
        });
        if (post.onTask) post.onTask(task);
      } catch (error) {
        resolve(toFailure({ errMsg: String(error) }));
      }
    });
  };
}

/** What a `fail` callback means. Old base libraries give no `errno`, so the text counts too. */
export function toFailure({ errMsg, errno }: WxFailure): Failure {
  const message = errMsg || 'no response';
  if (errno === 5 || /time(d.)?out|超时/i.test(message)) return failure('timeout', true, message);
  if (/fail abort/i.test(message)) return failure('aborted', false, message);
  return failure('network', true, message);
}

function failure(kind: ClientError['kind'], retryable: boolean, message: string): Failure {
  return { ok: false, error: { kind, retryable, message } };
}

function toAnswer({ statusCode, data, header }: WxResponse): Answer {
  const retryAfter = findHeader(header, 'retry-after');
  return {
    status: statusCode,
    body: data,
    retryAfterSeconds: /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined,
  };
}

/** Empty when absent; `name` in lower case. */
function findHeader(header: unknown, name: string): string {
  if (!isObject(header)) return '';
  const found = Object.keys(header).find((key) => key.toLowerCase() === name);
  return found ? String(header[found]) : '';
}
