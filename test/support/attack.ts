/** The harness of attack cases: a case is data, and everything that must always hold is asserted for each. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createWechatSimulator } from '../../wechat-simulator/simulator.ts';
import { attackGraph } from './attack-graph.ts';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from './test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from './test-subgraph.ts';

export interface AttackCase {
  /** Who attacks; default a guest. */
  readonly as?: 'guest' | 'user' | 'admin';
  readonly send: {
    readonly method?: string;
    readonly path?: string;
    readonly headers?: Record<string, string>;
    /** An object is sent as JSON, a string or bytes as they are. */
    readonly body?: object | string | Buffer;
  };
  readonly expect: {
    readonly status: number;
    /** Of the first error; `undefined` when there is none. */
    readonly code?: string;
    /** Requests that reached any subgraph. */
    readonly fetches: number;
    /** The whole `data`, where it matters. */
    readonly data?: unknown;
  };
  /** The longest that the event loop may be blocked. Default 50. */
  readonly maxLagMs?: number;
}

export type Attack = (id: string, title: string, attack: AttackCase) => void;

/** What an answer must never show: addresses, stack traces, suggestions, names of subgraphs. */
const leak = /https?:\/\/|ECONN|at .*\.[jt]s|Did you mean|serviceName|stacktrace|\b10\.\d|127\.0/;

const wechatApp = { appId: 'wx00000000000000a1', secret: 'simulator-secret' };

/** Starts the graph and a gateway for the tests of a file, and gives the verb that defines them. */
export function createAttack(options: Pick<TestGatewayOptions, 'operations'> & { dev: boolean }): Attack {
  const stage = { subgraphs: [] as TestSubgraph[], tokens: new Map<string, string>() };
  let gateway: TestGateway;
  let simulator: Awaited<ReturnType<typeof createWechatSimulator>>;

  beforeAll(async () => {
    simulator = await createWechatSimulator({
      host: '127.0.0.1',
      port: 0,
      apps: { [wechatApp.appId]: wechatApp.secret },
      now: Date.now,
    });
    stage.subgraphs.push(...(await Promise.all(attackGraph.map(startTestSubgraph))));
    gateway = await startTestGateway({
      subgraphs: stage.subgraphs,
      operations: { Canary: canary, ...options.operations },
      config: {
        dev: options.dev,
        policy: new URL('./attack-policy.ts', import.meta.url).pathname,
        wechat: {
          baseUrl: simulator.url,
          apps: { [wechatApp.appId]: wechatApp.secret },
          userSubgraph: 'users',
        },
      },
    });
    for (const role of ['user', 'admin']) stage.tokens.set(role, await login(gateway.url, role));
    await answerCanary(gateway.url);
  });

  afterAll(async () => {
    await gateway?.close();
    await simulator?.close();
    await Promise.all(stage.subgraphs.map((subgraph) => subgraph.close()));
  });

  return (id, title, { as = 'guest', send, expect: expected, maxLagMs = 50 }) => {
    test(`${id} ${title}`, async () => {
      const token = stage.tokens.get(as);
      const fetchesBefore = countFetches(stage.subgraphs);
      const lag = monitorEventLoopDelay({ resolution: 5 });
      lag.enable();
      const answer = await post(gateway.url, { ...send, token });
      lag.disable();

      expect({
        status: answer.status,
        code: answer.json?.errors?.[0]?.extensions?.code,
        fetches: countFetches(stage.subgraphs) - fetchesBefore,
        ...('data' in expected && { data: answer.json?.data }),
      }).toEqual({ code: undefined, ...expected });
      expect(answer.text).not.toMatch(leak);
      expect(lag.max / 1e6).toBeLessThan(maxLagMs);
      expect(await answerCanary(gateway.url)).toEqual({ docs: [{ id: 'd1' }] });
    });
  };
}

const canary = 'query Canary { docs { id } }';

async function answerCanary(url: string): Promise<unknown> {
  return (await post(url, { body: { documentId: documentIdOf(canary) } })).json?.data;
}

async function login(url: string, role: string): Promise<string> {
  const body = { appId: wechatApp.appId, code: `simulator:${role}` };
  const { json } = await post(url, { path: '/auth/wechat/login', body });
  return String(json?.accessToken);
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly json:
    | { data?: unknown; errors?: { extensions?: { code?: string } }[]; accessToken?: string }
    | undefined;
}

async function post(
  url: string,
  {
    method = 'POST',
    path = '/graphql',
    headers,
    body,
    token,
  }: AttackCase['send'] & { token?: string | undefined },
): Promise<Answer> {
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
  const text = await response.body.text();
  return { status: response.statusCode, text, json: parseJson(text) };
}

function parseJson(text: string): Answer['json'] {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function countFetches(subgraphs: readonly TestSubgraph[]): number {
  return subgraphs.reduce((sum, subgraph) => sum + subgraph.fetches(), 0);
}
