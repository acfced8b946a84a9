/** What attacks are sent to: the attack graph, a gateway before it, a WeChat, people who are logged in, and the secrets of all. */
import { randomBytes } from 'node:crypto';
import { request } from 'undici';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { HEADER } from '../../subgraphs/verify/index.ts';
import { createWechatSimulator } from '../../wechat-simulator/simulator.ts';
import { attackGraph } from './attack-graph.ts';
import { secretWatch } from './known-secrets.ts';
import { type RawAnswer, sendRaw } from './raw-request.ts';
import {
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
  testInternalKey,
} from './test-gateway.ts';
import { startTestSubgraph, type TestSubgraph, type TestSubgraphDefinition } from './test-subgraph.ts';

export type Asker = 'guest' | 'user' | 'admin';

export interface Send {
  /** Default POST. */
  readonly method?: string;
  /** Default `/graphql`. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** An object is sent as JSON, a string or bytes as they are. */
  readonly body?: object | string | Buffer;
  /** These bytes instead of all of the above, on a socket of their own. */
  readonly raw?: string | Buffer;
  /** After the raw bytes nothing more will come. */
  readonly halfClosed?: boolean;
}

export interface Answer extends RawAnswer {
  readonly json:
    | { data?: unknown; errors?: AnswerError[]; extensions?: unknown; accessToken?: string }
    | undefined;
}

export interface AnswerError {
  readonly message: string;
  readonly path?: unknown;
  readonly locations?: unknown;
  readonly extensions?: { readonly code?: string; readonly outcome?: string };
}

export interface AttackWorld {
  readonly gateway: TestGateway;
  readonly wechatUrl: string;
  /** Calls of this path at WeChat so far. */
  wechatCalls(path: string): number;
  readonly subgraphs: readonly TestSubgraph[];
  subgraph(name: string): TestSubgraph;
  ask(send: Send, as?: Asker): Promise<Answer>;
  /** An ordinary request of an ordinary client. */
  askCanary(): Promise<Answer>;
  token(of: Exclude<Asker, 'guest'>): string;
  /** The code that `wx.login` gives to this person. */
  loginCode(openid: string, appId?: string): Promise<string>;
  /** Requests that reached any subgraph so far. */
  fetches(): number;
  /** What no answer may hold, and no line of the log. */
  secrets(): readonly string[];
  close(): Promise<void>;
}

export interface AttackWorldOptions extends Pick<TestGatewayOptions, 'operations' | 'now'> {
  /** Without it only registered operations run. */
  readonly dev: boolean;
  readonly config?: TestGatewayOptions['config'];
  /** Subgraphs beside those of the attack graph. */
  readonly alsoServed?: readonly TestSubgraphDefinition[];
  /** WeChat's clock; default the machine's. */
  readonly wechatNow?: () => number;
}

export const appId = 'wx00000000000000a1';
export const otherAppId = 'wx00000000000000b2';
const appSecrets = { [appId]: 'simulator-secret', [otherAppId]: 'other-simulator-secret' };
const canary = 'query Canary { docs { id } }';

export async function startAttackWorld(options: AttackWorldOptions): Promise<AttackWorld> {
  const drawn: Buffer[] = [];
  const simulator = await createWechatSimulator({
    host: '127.0.0.1',
    port: 0,
    apps: appSecrets,
    now: options.wechatNow ?? Date.now,
    randomBytes: (count) => drawn[drawn.push(randomBytes(count)) - 1] as Buffer,
  });
  const subgraphs = await Promise.all([...attackGraph, ...(options.alsoServed ?? [])].map(startTestSubgraph));
  const gateway = await startTestGateway({
    subgraphs,
    operations: { Canary: canary, ...options.operations },
    ...(options.now && { now: options.now }),
    config: {
      dev: options.dev,
      policy: new URL('./attack-policy.ts', import.meta.url).pathname,
      ...options.config,
      wechat: { baseUrl: simulator.url, apps: appSecrets, userSubgraph: 'users', ...options.config?.wechat },
    },
  });
  const tokens = new Map<string, string>();
  const world: AttackWorld = {
    gateway,
    wechatUrl: simulator.url,
    wechatCalls: simulator.calls,
    subgraphs,
    subgraph: (name) => subgraphs.find((each) => each.name === name) as TestSubgraph,
    ask: (send, as = 'guest') => ask(gateway.url, send, tokens.get(as)),
    askCanary: () => ask(gateway.url, { body: { documentId: documentIdOf(canary) } }),
    token: (of) => tokens.get(of) ?? '',
    async loginCode(openid, of = appId) {
      const answer = await ask(simulator.url, { path: '/simulator/code', body: { appId: of, openid } });
      const { code = '' } = answer.json as { code?: string };
      secretWatch.learn('login code', code);
      return code;
    },
    fetches: () => subgraphs.reduce((sum, { received }) => sum + received.length, 0),
    secrets: () => [
      ...Object.values(appSecrets),
      testInternalKey,
      gateway.signingKeyPem.split('\n')[1] ?? '',
      ...drawn.flatMap((bytes) => [bytes.toString('base64'), bytes.toString('base64url')]),
      ...subgraphs.flatMap(({ received }) =>
        received.flatMap(({ headers }) => headers[HEADER.signature] ?? []),
      ),
    ],
    async close() {
      const forms = drawn.flatMap((bytes) => [bytes.toString('base64'), bytes.toString('base64url')]);
      secretWatch.learn('what WeChat drew: session_key or code', ...forms);
      await gateway.close();
      await simulator.close();
      await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
    },
  };
  if (!options.config?.wechat) {
    for (const role of ['user', 'admin']) tokens.set(role, await logIn(world, role));
  }
  return world;
}

async function logIn(world: AttackWorld, role: string): Promise<string> {
  const body = { appId, code: `simulator:${role}` };
  return `${(await world.ask({ path: '/auth/wechat/login', body })).json?.accessToken}`;
}

async function ask(url: string, send: Send, token?: string): Promise<Answer> {
  const answer =
    send.raw === undefined ? await sendHttp(url, send, token) : await sendRaw(url, send.raw, send.halfClosed);
  return { ...answer, json: parseJson(answer.text) };
}

async function sendHttp(
  url: string,
  { method = 'POST', path = '/graphql', headers, body }: Send,
  token: string | undefined,
): Promise<RawAnswer> {
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await request(new URL(path, url), {
    method: method as 'POST',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: body === undefined ? null : isRaw ? body : JSON.stringify(body),
  });
  const received = Object.entries(response.headers).map(([name, value]) => [name, `${value}`]);
  return {
    status: response.statusCode,
    headers: Object.fromEntries(received),
    text: await response.body.text(),
  };
}

function parseJson(text: string): Answer['json'] {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
