/** A gateway of a few lines: real HTTP, logins exchanged with the WeChat simulator, answers as a test sets them. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface SmallGateway {
  readonly url: string;
  /** Every request so far, in order. */
  readonly received: ReceivedRequest[];
  /** Answers operations of people who are logged in. Default: the variables, as `data.echo`. */
  answer: (request: ReceivedRequest, response: ServerResponse) => void;
  /** Answers operations whose token does not hold. Default: 401 UNAUTHENTICATED. */
  refuse: (response: ServerResponse) => void;
  /** Answers logins before they are exchanged, when it is set. */
  answerLogin: ((response: ServerResponse) => void) | undefined;
  /** Answers refreshes, when it is set. */
  answerRefresh: ((response: ServerResponse) => void) | undefined;
  /** Makes every access token given so far invalid. */
  revokeTokens(): void;
  /** Makes every refresh token too. */
  endSessions(): void;
  close(): Promise<void>;
}

export interface SmallGatewayOptions {
  readonly simulatorUrl: string;
  readonly appId: string;
  readonly secret: string;
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

export function refusal(code: string, message: string, userMessage?: string) {
  return { errors: [{ message, extensions: { code, userMessage } }] };
}

export async function startSmallGateway(options: SmallGatewayOptions): Promise<SmallGateway> {
  const tokens = new Set<string>();
  const openids = new Map<string, string | undefined>();
  let tokensGiven = 0;

  function giveTokens(openid: string | undefined, response: ServerResponse): void {
    tokensGiven += 1;
    const [accessToken, refreshToken] = [`token-${tokensGiven}`, `refresh-${tokensGiven}`];
    tokens.add(accessToken);
    openids.set(refreshToken, openid);
    const user = { id: `user of ${openid}`, roles: ['USER'] };
    sendJson(response, 200, { accessToken, refreshToken, tokenType: 'Bearer', expiresInSeconds: 900, user });
  }

  function refresh(token: string, response: ServerResponse): void {
    const openid = openids.get(token);
    if (openids.delete(token)) giveTokens(openid, response);
    else gateway.refuse(response);
  }

  async function logIn(code: unknown, response: ServerResponse): Promise<void> {
    const session = await exchange(options, String(code));
    if (session.errcode) {
      const codeName = session.errcode === 40163 ? 'CODE_USED' : 'INVALID_CODE';
      return sendJson(response, 401, refusal(codeName, 'Log in again.', '登录已过期，请重试'));
    }
    giveTokens(session.openid, response);
  }

  const server = createServer(async (request, response) => {
    const { url: path = '', headers } = request;
    const body = (await json(request)) as ReceivedRequest['body'];
    const received = { path, headers, body };
    gateway.received.push(received);
    if (path === '/auth/wechat/login') {
      if (gateway.answerLogin) gateway.answerLogin(response);
      else await logIn(body.code, response);
    } else if (path === '/auth/refresh') {
      if (gateway.answerRefresh) gateway.answerRefresh(response);
      else refresh(String(body.refreshToken), response);
    } else if (tokens.has(headers.authorization?.replace('Bearer ', '') ?? '')) {
      gateway.answer(received, response);
    } else {
      gateway.refuse(response);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const gateway: SmallGateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: ({ body }, response) => sendJson(response, 200, { data: { echo: body.variables ?? null } }),
    refuse: (response) => sendJson(response, 401, refusal('UNAUTHENTICATED', 'Log in first.', '请先登录')),
    answerLogin: undefined,
    answerRefresh: undefined,
    revokeTokens: () => tokens.clear(),
    endSessions() {
      tokens.clear();
      openids.clear();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return gateway;
}

async function exchange(
  { simulatorUrl, appId, secret }: SmallGatewayOptions,
  code: string,
): Promise<{ readonly errcode?: number; readonly openid?: string }> {
  const grant_type = 'authorization_code';
  const query = new URLSearchParams({ appid: appId, secret, js_code: code, grant_type });
  const response = await fetch(`${simulatorUrl}/sns/jscode2session?${query}`);
  return (await response.json()) as { errcode?: number; openid?: string };
}
