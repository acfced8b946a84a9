/** Every code by which the gateway refuses a request or reports a failed part, with its status, meaning and remedy. */
import { GraphQLError } from 'graphql';

export interface ErrorEntry {
  /** HTTP status of a refused request; 200 for codes that only mark a failed part of an answer. */
  readonly status: number;
  readonly meaning: string;
  readonly remedy: string;
  /** What a mini-program may show to the person using it. */
  readonly userMessage: string;
}

const retryLater = '服务繁忙，请稍后再试';
const updateApp = '小程序版本过旧，请更新后再试';
const invalid = '请求有误，请检查后再试';
const partial = '部分内容暂时无法显示';

export const errorTable = {
  BAD_REQUEST: {
    status: 400,
    meaning:
      'This is not a GraphQL request: not JSON, a batch, with parameters that contradict each other, or a GET that a foreign page could send.',
    remedy:
      'Send one JSON object with either `documentId` or `query`; with a GET of a query text also `minigate-client-name`.',
    userMessage: invalid,
  },
  PERSISTED_QUERY_NOT_SUPPORTED: {
    status: 400,
    meaning: 'The request would register an automatic persisted query, and they are off. Nothing was stored.',
    remedy: 'Send the `documentId` from the manifest; switch automatic persisted queries off in the client.',
    userMessage: updateApp,
  },
  GRAPHQL_PARSE_FAILED: {
    status: 400,
    meaning: 'The document is not GraphQL, or has too many tokens.',
    remedy: 'Correct the syntax; `locations` tells where.',
    userMessage: invalid,
  },
  GRAPHQL_VALIDATION_FAILED: {
    status: 400,
    meaning: 'The document does not fit the schema.',
    remedy: 'Compare the document with the schema.',
    userMessage: updateApp,
  },
  LIMIT_EXCEEDED: {
    status: 400,
    meaning: 'The document or its variables are longer, deeper or more numerous than one request may have.',
    remedy: 'Ask for less at once.',
    userMessage: invalid,
  },
  OPERATION_RESOLUTION_FAILURE: {
    status: 400,
    meaning: '`operationName` does not name one operation of the document.',
    remedy: 'Name one of the operations, or send a document with a single one.',
    userMessage: invalid,
  },
  BAD_USER_INPUT: {
    status: 400,
    meaning: 'A variable or argument has a value that its type or the service does not accept.',
    remedy: 'Correct the value that the message names.',
    userMessage: invalid,
  },
  COST_LIMIT_EXCEEDED: {
    status: 400,
    meaning: 'The operation, with its variables, would cost more than one request may.',
    remedy: 'Ask for fewer items (`first`) or fewer nested lists.',
    userMessage: invalid,
  },
  PLAN_TOO_EXPENSIVE: {
    status: 400,
    meaning: 'Planning the operation takes too long, or its plan has too many fetches or stages.',
    remedy: 'Ask for less at once, or in fewer levels.',
    userMessage: invalid,
  },
  PHONE_CODE_INVALID: {
    status: 400,
    meaning:
      "WeChat does not know the code of getPhoneNumber, or it was used, has expired, or is another person's.",
    remedy: 'Let the person press the button again and send the new code once.',
    userMessage: '手机号授权已失效，请重新授权',
  },
  WECHAT_DATA_INVALID: {
    status: 400,
    meaning:
      "Data that wx encrypted or signed cannot be read by this session's keys, is of another mini-program or person, or is older than 5 minutes.",
    remedy: 'Log in again, then ask wx for the data anew and send it at once.',
    userMessage: '授权信息已失效，请重试',
  },
  UNAUTHENTICATED: {
    status: 401,
    meaning: 'The operation needs a login, or the access token is wrong, expired or ended.',
    remedy: 'Log in again and repeat the request once.',
    userMessage: '登录已失效，请重新登录',
  },
  INVALID_CODE: {
    status: 401,
    meaning: 'WeChat does not know the login code, it has expired, or it belongs to another mini-program.',
    remedy: 'Call wx.login again and send the new code.',
    userMessage: '登录失败，请重试',
  },
  CODE_USED: {
    status: 401,
    meaning: 'The login code has been exchanged before.',
    remedy: 'Call wx.login again and send the new code.',
    userMessage: '登录失败，请重试',
  },
  SESSION_KEY_STALE: {
    status: 401,
    meaning:
      'WeChat has another session key of this person than the last login here gave: what that key encrypted or vouches for cannot be read.',
    remedy:
      'Log in by a new code of `wx.login` (a refresh does not suffice), ask wx for the data or the key anew, and repeat the request once.',
    userMessage: '登录已过期，请重试',
  },
  FORBIDDEN: {
    status: 403,
    meaning:
      'The access rules do not let this caller run the operation; or what only WeChat can tell was asked in a session that did not begin by `wx.login`. Nothing was sent to any subgraph.',
    remedy:
      'Use an account with the role needed, or leave the field out; for what WeChat tells, log in by `wx.login`.',
    userMessage: '没有权限进行此操作',
  },
  OPERATION_NOT_SAFELISTED: {
    status: 403,
    meaning:
      'A document text was sent, but only registered operations are served; or the operation is retired, or registered for another client, mini-program or `operationName`.',
    remedy:
      'Send the `documentId` and the client name of the manifest; in development start the gateway with --dev.',
    userMessage: updateApp,
  },
  BANNED: {
    status: 403,
    meaning:
      'An operator has banned the account; `Retry-After` tells how many seconds are left of a ban that ends.',
    remedy: 'None for the client. Operators see the reason on the admin port and can lift the ban.',
    userMessage: '账号已被限制使用',
  },
  ADDRESS_DENIED: {
    status: 403,
    meaning: 'Requests from this network address are not answered, whoever sends them.',
    remedy:
      'None for the client. Operators see the denylist on the admin port and can take the address off it.',
    userMessage: '当前网络无法使用此服务，请更换网络后再试',
  },
  ORIGIN_NOT_ALLOWED: {
    status: 403,
    meaning:
      'A browser asks for a page of another origin, which is not among `cors.origins`. Nothing was run.',
    remedy: 'List the origin in the settings of the gateway; a mini-program needs no entry.',
    userMessage: '没有权限进行此操作',
  },
  USER_BLOCKED: {
    status: 403,
    meaning: 'WeChat stopped the login of a user it holds to be at risk.',
    remedy: 'None for the client; the person can turn to WeChat.',
    userMessage: '账号存在风险，暂时无法登录',
  },
  SIGNATURE_INVALID: {
    status: 403,
    meaning:
      "The request must be signed and is not, or its signature does not hold. `minigate-time` is the server's clock, in seconds since 1970.",
    remedy: 'Set the clock by `minigate-time` and sign anew; if it was right, log in again.',
    userMessage: '请求校验失败，请重试',
  },
  USER_SIGNATURE_INVALID: {
    status: 403,
    meaning:
      "The mutation must be signed by WeChat's key of the phone, and is not: no signature, or one that does not hold, by a key that has expired, or with a timestamp too far off. Nothing was run.",
    remedy:
      'Sign by the newest key of `wx.getUserCryptoManager()` and by the time in the header `minigate-time`, once, as docs/signed-requests.md says.',
    userMessage: '验证失败，请重新打开小程序再试',
  },
  ENVIRONMENT_NOT_SERVED: {
    status: 404,
    meaning:
      'The gateway serves several environments, and none by this host and `minigate-env`; or the two name different ones.',
    remedy: 'Send the `minigate-env` that the gateway lists, to a host of that environment.',
    userMessage: updateApp,
  },
  PERSISTED_QUERY_NOT_FOUND: {
    status: 404,
    meaning:
      'No registered operation has this document id. Clients of automatic persisted queries, where they are on, get it with status 200.',
    remedy: 'Publish the manifest of the client version that sends it.',
    userMessage: updateApp,
  },
  NOT_FOUND: {
    status: 404,
    meaning: 'Nothing is served at this address, or the thing asked for does not exist.',
    remedy: 'Check the path or the id.',
    userMessage: '内容不存在',
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning:
      'The address does not take this HTTP method; `Allow` lists those it takes. Mutations take POST alone.',
    remedy: 'Send a POST, or for a query a GET.',
    userMessage: invalid,
  },
  NOT_ACCEPTABLE: {
    status: 406,
    meaning: 'The client does not accept JSON, which every answer is. Nothing was run.',
    remedy: 'Set `accept: application/json`, or leave the header out.',
    userMessage: invalid,
  },
  REQUEST_TIMEOUT: {
    status: 408,
    meaning: 'The request itself did not arrive in time.',
    remedy: 'Send it again; on a slow network send less.',
    userMessage: '网络较慢，请稍后再试',
  },
  REPLAYED: {
    status: 409,
    meaning: 'A signed request came a second time. The first may have been carried out.',
    remedy: 'Sign each request anew, with a new nonce; repeat a mutation with the same Idempotency-Key.',
    userMessage: '请勿重复提交',
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    meaning: 'The body is larger than `maxBodyBytes`.',
    remedy: 'Send less in one request.',
    userMessage: '提交的内容过大',
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning: 'The body is not declared, once and uncompressed, as application/json in UTF-8.',
    remedy: 'Set `content-type: application/json` and no `content-encoding`.',
    userMessage: invalid,
  },
  RATE_LIMITED: {
    status: 429,
    meaning:
      'Too many requests, here or at WeChat, or requests that cost too much together; `Retry-After` tells how many seconds to wait.',
    remedy: 'Wait, then try again; `docs/cost.md` says what requests cost.',
    userMessage: '操作过于频繁，请稍后再试',
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    meaning: 'The headers have more than 16 KiB in all, or are more than 100.',
    remedy: 'Send fewer and shorter headers.',
    userMessage: invalid,
  },
  INTERNAL_SERVER_ERROR: {
    status: 500,
    meaning: 'A fault of the gateway. The cause is in its log under the request id.',
    remedy: 'Report the request id.',
    userMessage: retryLater,
  },
  ENVIRONMENT_UNAVAILABLE: {
    status: 503,
    meaning: 'Nothing that can be served was published in this environment since the gateway began.',
    remedy: 'Publish in it; the log of the gateway says what is wrong with what there is.',
    userMessage: retryLater,
  },
  LOGIN_UNAVAILABLE: {
    status: 503,
    meaning:
      'WeChat or the user service did not answer, or the mini-program is set up wrongly on the gateway.',
    remedy: 'Try again shortly; operators find the cause in the log.',
    userMessage: '登录服务暂时不可用，请稍后再试',
  },
  SESSION_UNAVAILABLE: {
    status: 503,
    meaning:
      'What is remembered of sessions and signed requests cannot be read or changed now, so nothing was run.',
    remedy:
      'Keep the tokens and try again shortly; nobody need log in anew for this. Operators find the cause in the log.',
    userMessage: retryLater,
  },
  WECHAT_UNAVAILABLE: {
    status: 503,
    meaning: 'WeChat did not answer, or refused the gateway.',
    remedy: 'Try again shortly; operators find the cause in the log.',
    userMessage: retryLater,
  },
  AUTHORIZATION_UNAVAILABLE: {
    status: 503,
    meaning: 'An access rule could not be decided, so the request was refused.',
    remedy: 'Try again shortly; operators find the cause in the log.',
    userMessage: retryLater,
  },
  OVERLOADED: {
    status: 503,
    meaning: 'The gateway has more to do than it can; `Retry-After` tells how many seconds to wait.',
    remedy: 'Wait, then try again.',
    userMessage: retryLater,
  },
  SHUTTING_DOWN: {
    status: 503,
    meaning: 'This process is ending and takes no new requests.',
    remedy: 'Send the request again; another process answers it.',
    userMessage: retryLater,
  },
  DEADLINE_EXCEEDED: {
    status: 504,
    meaning:
      'The request as a whole took longer than `requestTimeoutMs`, or had not ended 30 s after its schema was replaced.',
    remedy: 'Try again; ask for less at once.',
    userMessage: '请求超时，请稍后再试',
  },
  UNAUTHORIZED_FIELD_OR_TYPE: {
    status: 200,
    meaning:
      'The access rules do not let this caller see the field at `path`; it was not asked, and is null.',
    remedy: 'Use an account with the role needed, or leave the field out.',
    userMessage: '没有权限查看部分内容',
  },
  SUBGRAPH_TIMEOUT: {
    status: 200,
    meaning: 'A subgraph did not answer in time; its part of the answer is null.',
    remedy: 'Try again. For a mutation the outcome is unknown: repeat it with the same Idempotency-Key.',
    userMessage: partial,
  },
  SUBGRAPH_UNAVAILABLE: {
    status: 200,
    meaning: 'A subgraph could not be reached or answered with a server error.',
    remedy: 'Try again shortly.',
    userMessage: partial,
  },
  SUBGRAPH_BAD_RESPONSE: {
    status: 200,
    meaning: 'A subgraph answered with something that is not a GraphQL response.',
    remedy: 'The team of the subgraph has to mend it.',
    userMessage: partial,
  },
  SUBGRAPH_RESPONSE_TOO_LARGE: {
    status: 200,
    meaning:
      'A subgraph answered with more than 5 MiB or 50,000 objects, or with more than 10,000 that another had to complete.',
    remedy: 'Ask for fewer items at once.',
    userMessage: partial,
  },
  SUBGRAPH_ERROR: {
    status: 200,
    meaning: 'A subgraph reported an error that is not meant for clients; its text is in the log.',
    remedy: 'Operators find the cause in the log under the request id.',
    userMessage: partial,
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 200,
    meaning: 'The Idempotency-Key was used before with other input.',
    remedy: 'Make a new key for a new intention.',
    userMessage: '请勿重复提交',
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 200,
    meaning: 'A request with the same Idempotency-Key is still being carried out.',
    remedy: 'Repeat the request with the same key after a few seconds.',
    userMessage: '正在处理，请稍候',
  },
  UPSTREAM_UNAVAILABLE: {
    status: 200,
    meaning: 'A service behind a subgraph could not be reached; nothing was changed.',
    remedy: 'Repeat the request with the same Idempotency-Key.',
    userMessage: retryLater,
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errorTable;

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}

/** A request refused: built only from the client's own input and published limits, so its message may be shown. */
export class RequestError extends GraphQLError {
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** @param status where a client expects another than the table says */
  constructor(
    code: ErrorCode,
    message: string,
    headers: Readonly<Record<string, string>> = {},
    status: number = errorTable[code].status,
  ) {
    const { userMessage } = errorTable[code];
    super(message, {
      // `http` is how Apollo Server learns the status and headers; it is never sent to the client.
      extensions: { code, userMessage, http: { status, headers: new Map(Object.entries(headers)) } },
    });
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

/** The body of a refusal that Apollo Server has no part in. */
export function toErrorBody(error: RequestError): { errors: { message: string; extensions: object }[] } {
  const { code, message } = error;
  return { errors: [{ message, extensions: { code, userMessage: errorTable[code].userMessage } }] };
}
