/** The client of one mini-program: runs registered operations as the person who uses it. */
import { toGraphqlResult } from './graphql-answer.ts';
import { createIdempotencyKey } from './idempotency-key.ts';
import type { Failure, Result } from './result.ts';
import { createSession, type User } from './session.ts';
import { createTransport } from './transport.ts';
import type { WxRequestTask, WxRuntime } from './wx-runtime.ts';

export interface ClientOptions {
  readonly wx: WxRuntime;
  /** The gateway's origin, such as `https://api.example.com`. */
  readonly url: string;
  /** The mini-program's app id; the gateway must know its secret. */
  readonly appId: string;
  /** The name under which the operations are registered. */
  readonly clientName: string;
  /** The released version of the mini-program. WeChat tells it only online, so it is a constant of the build. */
  readonly clientVersion: string;
  /**
   * `wx.getAccountInfoSync().miniProgram.envVersion`, for a gateway that serves the environments of its three values side by
   * side. Sessions of one are not those of another. Default: the host of `url` decides.
   */
  readonly envVersion?: string;
  /** How long to wait for each response. Default 15 000. */
  readonly timeoutMs?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
}

/** A registered operation: its text stays with the gateway. */
export interface Operation {
  readonly id: string;
  readonly name: string;
  readonly type: 'query' | 'mutation';
}

export interface CallOptions {
  /** Repeats a mutation that failed: the key from its error. Default: a new one for each call. */
  readonly idempotencyKey?: string;
}

/** A result on its way. It never rejects for what a network or a gateway can do. */
export interface Pending<Data> extends Promise<Result<Data>> {
  /** Gives the request up, as when the page that asked is gone; it settles as `aborted`. */
  abort(): void;
}

export interface Client {
  /** Logs in unless somebody is; each call does so by itself, this only starts earlier. */
  login(): Promise<Result<User>>;
  /** What the generated functions call. */
  request<Data>(operation: Operation, variables?: object, options?: CallOptions): Pending<Data>;
}

/** One call, over all its attempts. */
interface Call {
  aborted: boolean;
  task?: WxRequestTask;
  idempotencyKey?: string | undefined;
}

const aborted: Failure = {
  ok: false,
  error: { kind: 'aborted', retryable: false, message: 'aborted by the caller' },
};

/** @throws TypeError when an option is missing or not what it must be */
export function createClient(options: ClientOptions): Client {
  const problem = findProblem(options);
  if (problem) throw new TypeError(`createClient: ${problem}`);
  const {
    wx,
    appId,
    clientName,
    clientVersion,
    envVersion = '',
    timeoutMs = 15_000,
    now = Date.now,
  } = options;
  const url = options.url.replace(/\/+$/, '');
  const headers: Record<string, string> = {
    'minigate-client-name': clientName,
    'minigate-client-version': clientVersion,
  };
  if (envVersion) headers['minigate-env'] = envVersion;
  const transport = createTransport({ wx, url, headers, timeoutMs });
  const session = createSession({
    wx,
    transport,
    appId,
    storageKey: `minigate:${url}:${appId}${envVersion}`,
    timeoutMs,
    now,
  });

  async function send<Data>(call: Call, body: object, accessToken: string): Promise<Result<Data>> {
    if (call.aborted) return aborted;
    const headers: Record<string, string> = { authorization: `Bearer ${accessToken}` };
    if (call.idempotencyKey) headers['idempotency-key'] = call.idempotencyKey;
    const answer = await transport({
      path: '/graphql',
      body,
      headers,
      onTask: (task) => {
        call.task = task;
      },
    });
    return answer.ok ? toGraphqlResult(answer.data) : answer;
  }

  async function sendLoggedIn<Data>(call: Call, body: object): Promise<Result<Data>> {
    const login = await session.current();
    if (!login.ok) return login;
    const { accessToken } = login.data;
    const result = await send<Data>(call, body, accessToken);
    if (result.ok || result.error.kind !== 'unauthenticated') return result;

    const renewed = await session.renew(accessToken, result.error.code === 'SESSION_KEY_STALE');
    return renewed.ok ? send(call, body, renewed.data.accessToken) : renewed;
  }

  async function run<Data>(call: Call, operation: Operation, variables?: object): Promise<Result<Data>> {
    if (operation.type === 'mutation' && !call.idempotencyKey) {
      call.idempotencyKey = await createIdempotencyKey(wx);
    }
    const body = { documentId: operation.id, operationName: operation.name, variables };
    const result = await sendLoggedIn<Data>(call, body);
    if (result.ok || !call.idempotencyKey) return result;
    const error = Object.assign({ idempotencyKey: call.idempotencyKey }, result.error);
    return { ok: false, error, data: result.data };
  }

  return {
    login: async () => {
      const login = await session.current();
      return login.ok ? { ok: true, data: login.data.user } : login;
    },
    request: <Data>(operation: Operation, variables?: object, callOptions: CallOptions = {}) => {
      const call: Call = { aborted: false, idempotencyKey: callOptions.idempotencyKey };
      return Object.assign(run<Data>(call, operation, variables), {
        abort() {
          call.aborted = true;
          if (call.task) call.task.abort();
        },
      });
    },
  };
}

/** What is wrong with the options, if anything is. */
function findProblem(options: ClientOptions): string | undefined {
  const names = ['url', 'appId', 'clientName', 'clientVersion'] as const;
  const missing = names.find((name) => typeof options[name] !== 'string' || !options[name]);
  if (missing) return `"${missing}" must be a non-empty text`;
  if (!/^https?:\/\/[^/]/.test(options.url)) return '"url" must begin with https:// or http://';
  const { timeoutMs = 1 } = options;
  return timeoutMs > 0 ? undefined : '"timeoutMs" must be over 0';
}
