/** The one way by which WeChat's server is called: one host, one deadline, few at once, and no address in any log. */
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request as httpRequest } from 'undici';
import type { ApiProtection } from './api-protection.ts';

export interface WechatCall {
  readonly appId: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Carries secrets, and makes the address one. */
  readonly query: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: Fields;
  /** Whether it may be carried out twice. One that may not is sent again only when nothing of it can have arrived. */
  readonly repeatable: boolean;
  /** Seals what is sent and opens what is answered. */
  readonly protection?: ApiProtection | undefined;
}

/** Without an errcode there is no answer that can be read. */
export type WechatReply =
  | { readonly ok: true; readonly data: Fields }
  | { readonly ok: false; readonly errcode: number | undefined };

/** What an operator learns; `rid` is the id that WeChat's support asks for. */
export interface WechatTrouble {
  readonly appId: string;
  readonly path: string;
  readonly errcode?: number;
  readonly rid?: string;
  readonly failure?: string;
}

export type CallWechat = (call: WechatCall) => Promise<WechatReply>;

export interface WechatConnection {
  readonly call: CallWechat;
  close(): Promise<void>;
}

export interface WechatConnectionOptions {
  /** Nothing is sent to any other host. */
  readonly baseUrl: URL;
  /** For a call as a whole, its repetitions included. */
  readonly timeoutMs: number;
  readonly onTrouble: (trouble: WechatTrouble) => void;
  /** Default `Math.random`. */
  readonly random?: () => number;
}

const maxAtOnce = 50;
const maxWaiting = 450;
const maxAnswerBytes = 65_536;
const maxRepeats = 2;

/** "Busy, try again": the only errcode that a repetition mends. */
const busy = -1;

/** Codes of failures that come before the first byte is sent. */
const unsent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

type Fields = Readonly<Record<string, unknown>>;

interface Attempt {
  readonly reply: WechatReply;
  readonly mayRepeat: boolean;
  readonly trouble?: Omit<WechatTrouble, 'appId' | 'path'>;
}

export function createWechatConnection({
  baseUrl,
  timeoutMs,
  onTrouble,
  random = Math.random,
}: WechatConnectionOptions): WechatConnection {
  const agent = new Agent({
    connections: maxAtOnce,
    maxResponseSize: maxAnswerBytes,
    // Said outright, so that no variable of the environment can say otherwise.
    connect: { rejectUnauthorized: true, timeout: timeoutMs },
  });
  let underWay = 0;

  const attempt = async (call: WechatCall, signal: AbortSignal): Promise<Attempt> => {
    const address = `${baseUrl.origin}${call.path}`;
    try {
      const sealed = call.protection?.seal(address, { ...call.query, ...call.body });
      const query = sealed ? pick(call.query, 'access_token') : call.query;
      const content = sealed?.body ?? (call.body && JSON.stringify(call.body));
      const { statusCode, headers, body } = await httpRequest(`${address}?${new URLSearchParams(query)}`, {
        method: sealed ? 'POST' : call.method,
        headers: { ...(content && { 'content-type': 'application/json' }), ...sealed?.headers },
        body: content ?? null,
        dispatcher: agent,
        signal,
      });
      const text = await body.text();
      if (statusCode !== 200) return fail(`status ${statusCode}`, call.repeatable && statusCode >= 500);
      return read(call, (json) => call.protection?.open(address, headers, text, json) ?? json, text);
    } catch (error) {
      const code = codeOf(error);
      return fail(code, unsent.has(code) || (call.repeatable && !signal.aborted));
    }
  };

  return {
    async call(call) {
      const { appId, path } = call;
      const conclude = ({ reply, trouble }: Attempt): WechatReply => {
        if (trouble) onTrouble({ appId, path, ...trouble });
        return reply;
      };
      if (underWay >= maxAtOnce + maxWaiting) return conclude(fail('too many calls at once', false));
      underWay += 1;
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        for (let repeats = 0; ; repeats += 1) {
          const made = await attempt(call, signal);
          if (!made.mayRepeat || repeats === maxRepeats || signal.aborted) return conclude(made);
          const pauseMs = 50 + random() * 150 * (repeats + 1);
          await wait(pauseMs, undefined, { signal }).catch(() => {});
          if (signal.aborted) return conclude(made);
        }
      } finally {
        underWay -= 1;
      }
    },
    close: () => agent.close(),
  };
}

function fail(failure: string, mayRepeat: boolean): Attempt {
  return { reply: { ok: false, errcode: undefined }, mayRepeat, trouble: { failure } };
}

/** Labels of WeChat's answers are not to be relied on, and every status is 200; `errcode` may be missing or 0 on success. */
function read(call: WechatCall, open: (json: Fields) => Fields, text: string): Attempt {
  let answer: Fields;
  try {
    const json: unknown = JSON.parse(text);
    if (!isRecord(json)) throw new SyntaxError('no object');
    answer = open(json);
  } catch {
    return fail('unreadable answer', call.repeatable);
  }
  const { errcode = 0, errmsg } = answer;
  if (errcode === 0) return { reply: { ok: true, data: answer }, mayRepeat: false };
  if (typeof errcode !== 'number') return fail('unreadable answer', call.repeatable);
  const [, rid] = /\brid: ([0-9a-f-]{1,40})/.exec(String(errmsg)) ?? [];
  return {
    reply: { ok: false, errcode },
    mayRepeat: errcode === busy && call.repeatable,
    trouble: { errcode, ...(rid && { rid }) },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A word for the log. The message is left out: it may hold the address. */
function codeOf(error: unknown): string {
  const { code, name, cause } = error as { code?: unknown; name?: string; cause?: { code?: unknown } };
  const word = code ?? cause?.code ?? name;
  return typeof word === 'string' && /^\w{1,64}$/.test(word) ? word : 'failure';
}

function pick(query: Readonly<Record<string, string>>, name: string): Record<string, string> {
  const value = query[name];
  return value === undefined ? {} : { [name]: value };
}
