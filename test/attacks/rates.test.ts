/** Attacks on request rates: whoever sends too much is refused cheaply, and nobody else pays for it. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import {
  type Answer,
  type Asker,
  type AttackWorld,
  appId,
  type Send,
  startAttackWorld,
} from '../support/attack-world.ts';
import { logIn, logOut, type Tokens } from '../support/gateway-nodes.ts';
import { silent } from '../support/misbehaviours.ts';
import { openRaw } from '../support/raw-request.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeWith } from '../support/services.ts';

const docs = 'query Docs { docs { id } }';
const documentId = documentIdOf(docs);
const hour = 3_600;

/** Each case comes from an address of its own. */
let next = 0;
const newAddress = (): string => {
  next += 1;
  return `203.0.113.${next}`;
};
const from = (address: string, send: Send = { body: { documentId } }): Send => ({
  ...send,
  headers: { 'x-forwarded-for': address, ...send.headers },
});

async function outcomes(world: AttackWorld, count: number, send: () => Send, as?: Asker): Promise<string> {
  const statuses: number[] = [];
  for (let i = 0; i < count; i += 1) statuses.push((await world.ask(send(), as)).status);
  return statuses.join(' ');
}

describe('with rates of 5 an hour for an address, and 8 for a user', () => {
  let world: AttackWorld;

  beforeAll(async () => {
    world = await startAttackWorld({
      dev: true,
      operations: { Docs: docs },
      config: {
        trustedProxies: ['127.0.0.0/8'],
        rates: {
          address: { requests: 5, seconds: hour },
          newcomer: { requests: 8, seconds: hour },
          login: {
            address: { requests: 6, seconds: hour },
            app: { requests: 1_000, seconds: hour },
            code: { requests: 3, seconds: hour },
          },
          refresh: {
            address: { requests: 6, seconds: hour },
            session: { requests: 3, seconds: hour },
          },
        },
      },
    });
  });
  afterAll(() => world?.close());

  test('X-05 a guest is the same under any user agent, device and client name', async () => {
    const address = newAddress();
    let name = 0;
    const disguised = (): Send => {
      name += 1;
      const headers = {
        'user-agent': `a${name}`,
        'x-device-id': `d${name}`,
        'minigate-client-name': `c${name}`,
      };
      return from(address, { body: { documentId }, headers });
    };
    expect(await outcomes(world, 7, disguised)).toBe('200 200 200 200 200 429 429');
    const fetches = world.fetches();
    const refused = await world.ask(disguised());
    expect({
      status: refused.status,
      code: refused.json?.errors?.[0]?.extensions?.code,
      retryAfter: Number(refused.headers['retry-after']),
      fetches: world.fetches() - fetches,
    }).toEqual({ status: 429, code: 'RATE_LIMITED', retryAfter: expect.closeTo(720, -1), fetches: 0 });
    expect(await outcomes(world, 1, () => from(newAddress()))).toBe('200');
  });

  test('X-06 a GET that may be kept counts as a POST does', async () => {
    const address = newAddress();
    const get = (): Send =>
      from(address, {
        method: 'GET',
        path: `/graphql?documentId=${encodeURIComponent(documentId)}`,
        headers: { 'minigate-client-name': 'a' },
      });
    expect(await outcomes(world, 6, get)).toBe('200 200 200 200 200 429');
  });

  test('X-06 each attempt to log in counts, for its code and for its address', async () => {
    const [address, other] = [newAddress(), newAddress()];
    const byCode = (at: string, code: string): Send =>
      from(at, { path: '/auth/wechat/login', body: { appId, code } });
    const code = await world.loginCode('o-anna');
    expect(await outcomes(world, 4, () => byCode(address, code))).toMatch(/^200 (\d+ ){2}429$/);
    let attempt = 0;
    const guess = (): Send => {
      attempt += 1;
      return byCode(other, `guess-${attempt}`);
    };
    expect(await outcomes(world, 7, guess)).toBe('401 401 401 401 401 401 429');
    expect(world.wechatCalls('/sns/jscode2session')).toBeGreaterThan(0);
  });

  test('X-06 each attempt to refresh counts, for its session at any address, and for its address', async () => {
    const [address, other, third] = [newAddress(), newAddress(), newAddress()];
    let { refreshToken } = (await logIn(world, 'o-refreshing')) as { refreshToken: string | undefined };
    const refreshAt = async (at: string, token = refreshToken): Promise<number> => {
      const body = { refreshToken: token };
      const { status, json } = await world.ask(from(at, { path: '/auth/refresh', body }));
      refreshToken = (json as { refreshToken?: string })?.refreshToken ?? refreshToken;
      return status;
    };
    const statuses: number[] = [];
    for (const at of [address, other, third, address]) statuses.push(await refreshAt(at));
    for (let i = 0; i < 5; i += 1) statuses.push(await refreshAt(other, 'never given out'));
    statuses.push(await refreshAt(other, 'never given out'));
    expect(statuses.join(' ')).toBe('200 200 200 429 401 401 401 401 401 429');
  });

  test.each(['', '-everywhere'])(
    'X-06 each attempt to log out%s counts, for its session at any address, and for its address',
    async (everywhere) => {
      const [address, other, third] = [newAddress(), newAddress(), newAddress()];
      const { accessToken } = await logIn(world, 'o-leaving');
      const logOutAt = (at: string, token: string): Promise<string> =>
        outcomes(world, 1, () =>
          from(at, {
            path: `/auth/logout${everywhere}`,
            body: {},
            headers: { authorization: `Bearer ${token}` },
          }),
        );
      const statuses: string[] = [];
      for (const at of [address, other, third, address]) statuses.push(await logOutAt(at, accessToken));
      const again = everywhere ? '401' : '204';
      expect(statuses).toEqual(['204', again, again, '429']);
      for (let i = 0; i < 6; i += 1) statuses.push(await logOutAt(other, 'a.b.c'));
      expect(statuses.slice(4)).toEqual([...Array(5).fill('401'), '429']);
    },
  );

  const logInElsewhere = async (openid: string): Promise<Tokens> => {
    const body = { appId, code: await world.loginCode(openid) };
    return (await world.ask(from(newAddress(), { path: '/auth/wechat/login', body }))).json as never;
  };

  test('X-06 what a user asks of WeChat counts as any other request', async () => {
    const tokens = await logInElsewhere('o-asking-wechat');
    const ask = (): Send =>
      from(newAddress(), {
        path: '/auth/wechat/phone',
        body: { code: 'junk' },
        headers: { authorization: `Bearer ${tokens.accessToken}` },
      });
    expect(await outcomes(world, 9, ask)).toBe('400 400 400 400 400 400 400 400 429');
  });

  test('X-12 sessions that have ended do not use up what guests at their address may ask', async () => {
    const address = newAddress();
    const ended = await Promise.all(['o-ended-1', 'o-ended-2'].map(logInElsewhere));
    for (const tokens of ended) await logOut(world, tokens);
    for (const { refreshToken } of ended) {
      const refresh = (): Send => from(address, { path: '/auth/refresh', body: { refreshToken } });
      expect(await outcomes(world, 2, refresh)).toBe('401 401');
    }
    expect(await outcomes(world, 6, () => from(address))).toBe('200 200 200 200 200 429');
  });

  test('who may not refresh any more can still log out', async () => {
    const tokens = await logIn(world, 'o-robbed');
    const body = { refreshToken: tokens.refreshToken };
    const refreshes = (): Promise<string> =>
      outcomes(world, 4, () => from(newAddress(), { path: '/auth/refresh', body }));
    expect(await refreshes()).toBe('200 200 200 429');
    expect(await logOut(world, tokens, '-everywhere')).toBe('204');
  });

  test('X-12 what is refused counts for its address, what fails to say who sends it five times', async () => {
    const [lost, forging] = [newAddress(), newAddress()];
    const unknown = (): Send => from(lost, { body: { documentId: documentIdOf('{ nothing }') } });
    expect(await outcomes(world, 7, unknown)).toBe('404 404 404 404 404 404 429');
    const forged = (): Send =>
      from(forging, { body: { documentId }, headers: { authorization: 'Bearer a.b.c' } });
    expect(await outcomes(world, 1, forged)).toBe('401');
    expect(await outcomes(world, 1, () => from(forging))).toBe('429');
  });

  test('X-12 who goes away before the answer has paid', async () => {
    const address = newAddress();
    const body = JSON.stringify({ documentId });
    const request = `POST /graphql HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${address}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    world.subgraph('content').misbehave(silent);
    for (let i = 0; i < 5; i += 1) {
      const fetches = world.fetches();
      const connection = openRaw(world.gateway.url);
      connection.send(request);
      await vi.waitFor(() => expect(world.fetches()).toBe(fetches + 1), 5_000);
      connection.abort();
    }
    world.subgraph('content').misbehave(undefined);
    expect(await outcomes(world, 1, () => from(address))).toBe('429');
  });

  test('users at an address that has spent its rate are not held to it, but to their own', async () => {
    const address = newAddress();
    expect(await outcomes(world, 6, () => from(address))).toBe('200 200 200 200 200 429');
    expect(await outcomes(world, 9, () => from(address), 'user')).toBe('200 200 200 200 200 200 200 200 429');
    expect(await outcomes(world, 1, () => from(newAddress()), 'user')).toBe('429');
    expect(await outcomes(world, 1, () => from(address), 'admin')).toBe('200');
  });

  test("what WeChat's servers send is not counted for their addresses", async () => {
    const address = newAddress();
    const push = (): Send => from(address, { path: '/wx/message?signature=x&timestamp=1&nonce=1', body: {} });
    const statuses = await outcomes(world, 10, push);
    expect(statuses).not.toContain('429');
    expect(await outcomes(world, 1, () => from(address))).toBe('200');
  });

  test('operators see what refused how many', async () => {
    const metrics = await (await fetch(`${world.gateway.adminUrl}/metrics`)).text();
    const reasons = [...metrics.matchAll(/minigate_admission_refusals_total\{reason="([\w-]+)"\} (\d+)/g)];
    expect(reasons.map(([, reason]) => reason).sort()).toEqual([
      'address',
      'login-address',
      'login-code',
      'logout-address',
      'logout-session',
      'newcomer',
      'refresh-address',
      'refresh-session',
    ]);
  });
});

describeWith('redis-server', 'two gateways with a rate of 40 an hour for an address', (program) => {
  let redis: RedisServer;
  let worlds: AttackWorld[] = [];

  const start = async (nodes: number): Promise<void> => {
    const config = {
      redis: { url: redis.url, keyPrefix: `test:${Math.random()}:`, commandTimeoutMs: 5_000 },
      session: { encryptionKeys: [Buffer.alloc(32).toString('base64')] },
      budgets: { nodes },
      rates: { address: { requests: 40, seconds: hour } },
    };
    const operations = { Docs: docs };
    worlds = await Promise.all([0, 1].map(() => startAttackWorld({ dev: true, operations, config })));
  };
  const askAll = async (count: number): Promise<number> => {
    const asked = Array.from(
      { length: count },
      (_, i): Promise<Answer> => (worlds[i % 2] as AttackWorld).ask({ body: { documentId } }),
    );
    return (await Promise.all(asked)).filter(({ status }) => status === 200).length;
  };

  beforeAll(async () => {
    redis = await startRedisServer(program);
  });
  afterAll(async () => {
    await Promise.all(worlds.map((world) => world.close()));
    await redis?.close();
  });

  test('X-08 grant together what one would, within 5 %; X-09 without Redis each grants its part', async () => {
    await start(2);
    const granted = await askAll(100);
    expect(granted).toBeGreaterThanOrEqual(38);
    expect(granted).toBeLessThanOrEqual(42);
    await Promise.all(worlds.map((world) => world.close()));
    await start(2);
    await redis.kill();
    expect(await askAll(100)).toBe(40);
    await redis.start();
  });
});
