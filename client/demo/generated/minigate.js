/** The Minigate client and the operations of this mini-program, built by client/build.ts. */
'use strict';
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// <stdin>
var stdin_exports = {};
__export(stdin_exports, {
  createApi: () => createApi,
  createClient: () => createClient
});
module.exports = __toCommonJS(stdin_exports);

// client/result.ts
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// client/graphql-answer.ts
var passingCodes = ["SUBGRAPH_TIMEOUT", "SUBGRAPH_UNAVAILABLE"];
function toGraphqlResult(answer) {
  const { body, status } = answer;
  const data = isObject(body) && isObject(body.data) ? body.data : void 0;
  const errors = toErrors(body);
  if (errors.length > 0) return { ok: false, error: toError(answer, errors), data };
  return data && status < 400 ? { ok: true, data } : { ok: false, error: toBadResponse(answer) };
}
function toBadResponse({ status, retryAfterSeconds }) {
  return {
    kind: "badResponse",
    retryable: isPassingStatus(status),
    message: `not a gateway's answer, HTTP status ${status}`,
    status,
    retryAfterSeconds
  };
}
function toErrors(body) {
  if (!isObject(body) || !Array.isArray(body.errors)) return [];
  return body.errors.filter((error) => isObject(error) && typeof error.message === "string");
}
function toError({ status, retryAfterSeconds }, errors) {
  const extensions = errors.map((error) => error.extensions || {});
  const { code, userMessage } = extensions[0] || {};
  const kind = status === 401 ? "unauthenticated" : status >= 400 ? "refused" : "graphql";
  return {
    kind,
    retryable: kind === "graphql" ? extensions.some((extension) => passingCodes.indexOf(String(extension.code)) >= 0) : isPassingStatus(status),
    message: errors.map((error) => error.message).join("; "),
    status,
    retryAfterSeconds,
    code: toText(code),
    userMessage: toText(userMessage),
    errors
  };
}
function toText(value) {
  return typeof value === "string" ? value : void 0;
}
function isPassingStatus(status) {
  return [408, 429, 502, 503, 504].indexOf(status) >= 0;
}

// client/bytes.ts
function toUtf8(text) {
  const bytes = [];
  for (const character of text) {
    const code = character.codePointAt(0) || 0;
    const point = code >= 55296 && code < 57344 ? 65533 : code;
    if (point < 128) bytes.push(point);
    else {
      const more = point < 2048 ? 1 : point < 65536 ? 2 : 3;
      bytes.push(3840 >> more + 1 & 255 | point >> 6 * more);
      for (let left = more - 1; left >= 0; left -= 1) bytes.push(128 | point >> 6 * left & 63);
    }
  }
  return Uint8Array.from(bytes);
}
function toHex(bytes) {
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
}

// client/idempotency-key.ts
function createIdempotencyKey(wx) {
  return new Promise((resolve) => {
    const fallBack = () => resolve(toHex(weakBytes()));
    try {
      wx.getRandomValues({
        length: 16,
        success: ({ randomValues }) => resolve(toHex(new Uint8Array(randomValues))),
        fail: fallBack
      });
    } catch (e) {
      fallBack();
    }
  });
}
function weakBytes() {
  return new Uint8Array(16).map(() => Math.floor(Math.random() * 256));
}

// client/device-id.ts
function createDeviceId({ getDeviceInfo }, appId) {
  try {
    return getDeviceInfo && hash(appId + JSON.stringify(getDeviceInfo()));
  } catch (e) {
    return void 0;
  }
}
function hash(text) {
  const bytes = Array.from(toUtf8(text));
  const halves = [bytes, bytes.slice().reverse()].map(
    (each) => each.reduce((state, byte) => Math.imul(state ^ byte, 16777619), 2166136261)
  );
  return halves.map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

// client/transport.ts
function createTransport({ wx, url, headers, timeoutMs }) {
  return (post) => {
    const data = JSON.stringify(post.body);
    const header = Object.assign({ "content-type": "application/json" }, headers, post.headers);
    return new Promise((resolve) => {
      try {
        const task = wx.request({
          url: url + post.path,
          method: "POST",
          header,
          data,
          timeout: timeoutMs,
          success: (response) => resolve({ ok: true, data: toAnswer(response) }),
          fail: (failure2) => resolve(toFailure(failure2))
        });
        if (post.onTask) post.onTask(task);
      } catch (error) {
        resolve(toFailure({ errMsg: String(error) }));
      }
    });
  };
}
function toFailure({ errMsg, errno }) {
  const message = errMsg || "no response";
  if (errno === 5 || /time(d.)?out|超时/i.test(message)) return failure("timeout", true, message);
  if (/fail abort/i.test(message)) return failure("aborted", false, message);
  return failure("network", true, message);
}
function failure(kind, retryable, message) {
  return { ok: false, error: { kind, retryable, message } };
}
function toAnswer({ statusCode, data, header }) {
  const retryAfter = findHeader(header, "retry-after");
  return {
    status: statusCode,
    body: data,
    retryAfterSeconds: /^\d+$/.test(retryAfter) ? Number(retryAfter) : void 0
  };
}
function findHeader(header, name) {
  if (!isObject(header)) return "";
  const found = Object.keys(header).find((key) => key.toLowerCase() === name);
  return found ? String(header[found]) : "";
}

// client/session.ts
var repeatMs = 6e4;
var defaultPauseSeconds = 60;
function createSession(options) {
  const { wx, storageKey, now } = options;
  const exchangeCode = createExchangeCode(options);
  let login;
  let storageRead = false;
  let pending;
  let pause;
  function loginInForce() {
    if (!storageRead) {
      storageRead = true;
      login = loadLogin(wx, storageKey);
    }
    return login && now() < login.renewAt ? login : void 0;
  }
  async function obtainOnce() {
    try {
      const result = await obtain(options, login, exchangeCode);
      if (result.ok) {
        login = result.data;
        saveLogin(wx, storageKey, login);
      } else {
        const { status, retryAfterSeconds = status === 429 ? defaultPauseSeconds : 0 } = result.error;
        pause = { until: now() + retryAfterSeconds * 1e3, failure: result };
      }
      return result;
    } finally {
      pending = void 0;
    }
  }
  async function current() {
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
        login = Object.assign({}, login, { renewAt: 0 }, withCode && { refreshToken: void 0 });
      }
      return current();
    }
  };
}
async function obtain(options, old, exchangeCode) {
  if (old == null ? void 0 : old.refreshToken) {
    const refreshed = await exchange(options, "/auth/refresh", { refreshToken: old.refreshToken });
    if (refreshed.ok || refreshed.error.kind !== "unauthenticated") return refreshed;
  }
  const result = await exchangeCode();
  return !result.ok && result.error.kind === "unauthenticated" ? exchangeCode() : result;
}
function createExchangeCode(options) {
  const { wx, appId, timeoutMs, now } = options;
  const deviceId = createDeviceId(wx, appId);
  let unanswered;
  return async () => {
    if (!unanswered || now() >= unanswered.repeatUntil) {
      const code2 = await loadCode(wx, timeoutMs);
      if (!code2.ok) return code2;
      const idempotencyKey2 = await createIdempotencyKey(wx);
      unanswered = { code: code2.data, idempotencyKey: idempotencyKey2, repeatUntil: now() + repeatMs };
    }
    const { code, idempotencyKey } = unanswered;
    const result = await exchange(
      options,
      "/auth/wechat/login",
      { appId, code, deviceId },
      { "idempotency-key": idempotencyKey }
    );
    if (result.ok || result.error.code) unanswered = void 0;
    return result;
  };
}
async function exchange({ transport, now }, path, body, headers) {
  const answer = await transport({ path, body, headers });
  return answer.ok ? toLogin(answer.data, now()) : answer;
}
function loadCode(wx, timeoutMs) {
  return new Promise((resolve) => {
    try {
      wx.login({
        timeout: timeoutMs,
        success: ({ code }) => resolve({ ok: true, data: code }),
        fail: (failure2) => resolve(toFailure(failure2))
      });
    } catch (error) {
      resolve(toFailure({ errMsg: String(error) }));
    }
  });
}
function toLogin(answer, now) {
  const { body, status } = answer;
  if (status === 200 && isObject(body) && typeof body.expiresInSeconds === "number") {
    const login = {
      accessToken: body.accessToken,
      renewAt: now + body.expiresInSeconds * 900,
      refreshToken: body.refreshToken,
      user: body.user
    };
    if (isLogin(login)) return { ok: true, data: login };
  }
  const refusal = toGraphqlResult(answer);
  return refusal.ok ? { ok: false, error: toBadResponse(answer) } : refusal;
}
function isLogin(value) {
  return isObject(value) && typeof value.accessToken === "string" && typeof value.renewAt === "number" && (value.refreshToken === void 0 || typeof value.refreshToken === "string") && isObject(value.user) && typeof value.user.id === "string" && Array.isArray(value.user.roles);
}
function loadLogin(wx, storageKey) {
  try {
    const stored = wx.getStorageSync(storageKey);
    return isLogin(stored) ? stored : void 0;
  } catch (e) {
    return void 0;
  }
}
function saveLogin(wx, storageKey, login) {
  try {
    wx.setStorageSync(storageKey, login);
  } catch (e) {
  }
}

// client/create-client.ts
var aborted = {
  ok: false,
  error: { kind: "aborted", retryable: false, message: "aborted by the caller" }
};
function createClient(options) {
  const problem = findProblem(options);
  if (problem) throw new TypeError(`createClient: ${problem}`);
  const {
    wx,
    appId,
    clientName,
    clientVersion,
    envVersion = "",
    timeoutMs = 15e3,
    now = Date.now
  } = options;
  const url = options.url.replace(/\/+$/, "");
  const headers = {
    "minigate-client-name": clientName,
    "minigate-client-version": clientVersion
  };
  if (envVersion) headers["minigate-env"] = envVersion;
  const transport = createTransport({ wx, url, headers, timeoutMs });
  const session = createSession({
    wx,
    transport,
    appId,
    storageKey: `minigate:${url}:${appId}${envVersion}`,
    timeoutMs,
    now
  });
  async function send(call, body, accessToken) {
    if (call.aborted) return aborted;
    const headers2 = { authorization: `Bearer ${accessToken}` };
    if (call.idempotencyKey) headers2["idempotency-key"] = call.idempotencyKey;
    const answer = await transport({
      path: "/graphql",
      body,
      headers: headers2,
      onTask: (task) => {
        call.task = task;
      }
    });
    return answer.ok ? toGraphqlResult(answer.data) : answer;
  }
  async function sendLoggedIn(call, body) {
    const login = await session.current();
    if (!login.ok) return login;
    const { accessToken } = login.data;
    const result = await send(call, body, accessToken);
    if (result.ok || result.error.kind !== "unauthenticated") return result;
    const renewed = await session.renew(accessToken, result.error.code === "SESSION_KEY_STALE");
    return renewed.ok ? send(call, body, renewed.data.accessToken) : renewed;
  }
  async function run(call, operation, variables) {
    if (operation.type === "mutation" && !call.idempotencyKey) {
      call.idempotencyKey = await createIdempotencyKey(wx);
    }
    const body = { documentId: operation.id, operationName: operation.name, variables };
    const result = await sendLoggedIn(call, body);
    if (result.ok || !call.idempotencyKey) return result;
    const error = Object.assign({ idempotencyKey: call.idempotencyKey }, result.error);
    return { ok: false, error, data: result.data };
  }
  return {
    login: async () => {
      const login = await session.current();
      return login.ok ? { ok: true, data: login.data.user } : login;
    },
    request: (operation, variables, callOptions = {}) => {
      const call = { aborted: false, idempotencyKey: callOptions.idempotencyKey };
      return Object.assign(run(call, operation, variables), {
        abort() {
          call.aborted = true;
          if (call.task) call.task.abort();
        }
      });
    }
  };
}
function findProblem(options) {
  const names = ["url", "appId", "clientName", "clientVersion"];
  const missing = names.find((name) => typeof options[name] !== "string" || !options[name]);
  if (missing) return `"${missing}" must be a non-empty text`;
  if (!/^https?:\/\/[^/]/.test(options.url)) return '"url" must begin with https:// or http://';
  const { timeoutMs = 1 } = options;
  return timeoutMs > 0 ? void 0 : '"timeoutMs" must be over 0';
}

// client/demo/generated/operations.ts
function createApi(client) {
  return {
    cancelOrder: (variables, options) => client.request({ id: "sha256:0aa4303b016ace041aa470f59c41025bae5abffa1b07908c4e175abd072627d2", name: "CancelOrder", type: "mutation" }, variables, options),
    createOrder: (variables, options) => client.request({ id: "sha256:354ccc8ada76f198b3bbfc17bfd8787f49f1e3fe6f29100fd261f97d90e6a2e7", name: "CreateOrder", type: "mutation" }, variables, options),
    homePage: (variables, options) => client.request({ id: "sha256:db3734cd521828e749bb330af732bc513b0220707eb6029b8dff4f594e689a4c", name: "HomePage", type: "query" }, variables, options),
    me: (variables, options) => client.request({ id: "sha256:6d9770ecc1d7c6549bfee84a8ce19229a405bd0643d06a2cf04c6caf90cb06e0", name: "Me", type: "query" }, variables, options),
    myOrders: (variables, options) => client.request({ id: "sha256:e65dc4e05abb2d52b9ad0c3c9b31c291e7f75e3275ad446e5c0f1a5ba705b474", name: "MyOrders", type: "query" }, variables, options),
    orderDetail: (variables, options) => client.request({ id: "sha256:830191b686ca1e39578df312ea65ef43a2573613fd1c420a420c43a2d6963f37", name: "OrderDetail", type: "query" }, variables, options),
    productPage: (variables, options) => client.request({ id: "sha256:2e86f071f6368ef4cd984d402fbe1adc71ec8b7a263c4058ea37af1af37f0581", name: "ProductPage", type: "query" }, variables, options),
    searchProducts: (variables, options) => client.request({ id: "sha256:f249a01847b31d54737d1e4ee97559d894739fea5a0dd7b8ed87092390bb0a07", name: "SearchProducts", type: "query" }, variables, options)
  };
}
