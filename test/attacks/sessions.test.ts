/** Attacks on sessions, over two gateways and one Redis: what ends somewhere has ended everywhere. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createSealer } from '../../gateway/identity/seal.ts';
import type { AttackWorld } from '../support/attack-world.ts';
import {
  askAdmin,
  askAs,
  type GatewayNodes,
  logIn,
  logOut,
  refresh,
  startGatewayNodes,
  type Tokens,
} from '../support/gateway-nodes.ts';
import { answering } from '../support/misbehaviours.ts';
import { describeWith } from '../support/services.ts';

/** The bound on every replica. */
const boundMs = 2_000;
const refused = '401 UNAUTHENTICATED';

const toTokens = async (answer: ReturnType<typeof refresh>): Promise<Tokens> =>
  (await answer).json as unknown as Tokens;
const codeOf = async (answer: ReturnType<typeof refresh>): Promise<string | undefined> =>
  (await answer).json?.errors?.[0]?.extensions?.code;

describeWith('redis', 'sessions on two gateways', (redisUrl) => {
  let world: GatewayNodes;
  let here: AttackWorld;
  let there: AttackWorld;
  let redis: Redis;

  beforeAll(async () => {
    redis = new Redis(redisUrl);
    world = await startGatewayNodes(2, { redisUrl });
    [here, there] = world.nodes as [AttackWorld, AttackWorld];
  });
  afterAll(async () => {
    await world.close();
    const keys = await redis.keys(`${world.keyPrefix}*`);
    if (keys.length > 0) await redis.del(keys);
    await redis.quit();
  });

  /** Asks until the answer is this one. How long that took, in milliseconds. */
  async function timeUntil(expected: string, ask: () => Promise<string>): Promise<number> {
    const startedAt = performance.now();
    await vi.waitFor(async () => expect(await ask()).toBe(expected), { timeout: 5_000, interval: 50 });
    return performance.now() - startedAt;
  }

  test('J-13 a session that is logged out is refused here at once and elsewhere within 2 s', async () => {
    const tokens = await logIn(here, 'o-leaver');
    expect([await askAs(here, tokens), await askAs(there, tokens)]).toEqual(['200', '200']);

    expect(await logOut(here, tokens)).toBe('204');

    expect(await askAs(here, tokens)).toBe(refused);
    expect(await timeUntil(refused, () => askAs(there, tokens))).toBeLessThan(boundMs);
    expect(await codeOf(refresh(there, tokens.refreshToken))).toBe('UNAUTHENTICATED');
    expect(await logOut(there, tokens)).toBe('204');
    expect(await logOut(there, tokens, '-everywhere')).toBe(refused);
  });

  test('J-13 logging out everywhere ends the sessions of all devices, and nobody else', async () => {
    const phone = await logIn(here, 'o-two-devices');
    const tablet = await logIn(there, 'o-two-devices');
    const other = await logIn(there, 'o-bystander');
    expect([await askAs(there, phone), await askAs(there, tablet)]).toEqual(['200', '200']);

    expect(await logOut(here, phone, '-everywhere')).toBe('204');

    expect(await timeUntil(refused, () => askAs(there, tablet))).toBeLessThan(boundMs);
    expect(await timeUntil(refused, () => askAs(there, phone))).toBeLessThan(boundMs);
    expect(await askAs(there, other)).toBe('200');
    expect(await askAs(there, await logIn(there, 'o-two-devices'))).toBe('200');
  });

  test('J-13 nobody logs out without a token that holds', async () => {
    const tokens = await logIn(here, 'o-stays');
    expect(await logOut(here, { ...tokens, accessToken: `${tokens.accessToken}x` })).toBe(refused);
    expect((await here.ask({ path: '/auth/logout-everywhere', body: {} })).status).toBe(401);
    expect(await askAs(here, tokens)).toBe('200');
  });

  test('J-16 20 refreshes at once on two gateways give one new token, the same to all', async () => {
    const first = await logIn(here, 'o-refresher');

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => refresh(i % 2 ? here : there, first.refreshToken)),
    );

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const given = answers.map(({ json }) => json as unknown as Tokens);
    const [second] = given as [Tokens];
    expect(new Set(given.map(({ refreshToken }) => refreshToken))).toEqual(new Set([second.refreshToken]));
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(await Promise.all(given.map((tokens) => askAs(there, tokens)))).toEqual(Array(20).fill('200'));
    expect((await refresh(there, second.refreshToken)).status).toBe(200);
  });

  test('J-16 who presents a token that others have moved on from ends the session for all', async () => {
    const first = await logIn(here, 'o-robbed');
    const second = await toTokens(refresh(there, first.refreshToken));
    const third = await toTokens(refresh(here, second.refreshToken));

    expect(await codeOf(refresh(here, first.refreshToken))).toBe('UNAUTHENTICATED');

    expect(await codeOf(refresh(there, third.refreshToken))).toBe('UNAUTHENTICATED');
    expect(await askAs(here, third)).toBe(refused);
    expect(await timeUntil(refused, () => askAs(there, third))).toBeLessThan(boundMs);
  });

  test.each([
    [
      'changed in its random part',
      (token: string) => token.replace(/\.([\w-])([\w-]{42}\.[\w-]+)$/, '.$1_$2'),
    ],
    [
      'of another user',
      (token: string) => token.replace(/^[\w-]+/, Buffer.from('o-sim-admin').toString('base64url')),
    ],
    ['with another session', (token: string) => token.replace(/\.[\w-]{32}\./, `.${'A'.repeat(32)}.`)],
    ['without its last part', (token: string) => token.replace(/\.[\w-]+$/, '')],
    ['that is an access token', () => 'eyJhbGciOiJub25lIn0.e30.'],
    ['of 100 KB', () => 'a'.repeat(100_000)],
    ['that is empty', () => ''],
  ])('J-16 a refresh token %s is refused, and harms nobody', async (_, change) => {
    const tokens = await logIn(here, 'o-unharmed');
    const forged = change(tokens.refreshToken);
    expect(forged).not.toBe(tokens.refreshToken);
    expect(await codeOf(refresh(here, forged))).toBe('UNAUTHENTICATED');
    expect((await refresh(here, tokens.refreshToken)).status).toBe(200);
  });

  test.each([[{}], [{ refreshToken: 7 }], [{ refreshToken: ['a'] }], [[]]])(
    'J-16 a refresh that sends %j is no refresh request',
    async (body) => {
      expect(await codeOf(here.ask({ path: '/auth/refresh', body }))).toBe('BAD_REQUEST');
    },
  );

  test('J-17 a role that was taken away is gone at the next refresh', async () => {
    const tokens = await logIn(here, 'o-sim-admin');
    const admin = { body: { query: '{ admin { id } }' } };
    expect(await askAs(here, tokens, admin)).toBe('200');

    here
      .subgraph('users')
      .misbehave(answering({ data: { registerWechatIdentity: { userId: 'o-sim-admin', roles: ['USER'] } } }));
    const next = await toTokens(refresh(here, tokens.refreshToken));
    here.subgraph('users').misbehave(undefined);

    expect(next).toMatchObject({ user: { id: 'o-sim-admin', roles: ['USER'] }, expiresInSeconds: 900 });
    expect(await askAs(here, next, admin)).toBe('403 FORBIDDEN');
    expect(await timeUntil('403 FORBIDDEN', () => askAs(there, tokens, admin))).toBeLessThan(boundMs);
  });

  test('J-17 a session whose identity has become another user ends at the next refresh', async () => {
    const tokens = await logIn(here, 'o-moved');
    here.subgraph('users').misbehave(
      answering({
        data: { registerWechatIdentity: { userId: 'somebody-else', roles: ['USER', 'ADMIN'] } },
      }),
    );
    const code = await codeOf(refresh(here, tokens.refreshToken));
    here.subgraph('users').misbehave(undefined);
    expect([code, await askAs(here, tokens)]).toEqual(['UNAUTHENTICATED', refused]);
  });

  test('J-17 a user who is banned is refused everywhere within 2 s, and served again once that is lifted', async () => {
    const tokens = await logIn(here, 'o-banned');
    expect(await askAs(there, tokens)).toBe('200');

    const ban = { userId: 'o-banned', reason: 'sells what is not theirs' };
    expect(await askAdmin(here, 'POST', '/admin/bans', ban)).toEqual({ status: 201, json: ban });

    expect(await askAs(here, tokens)).toBe('403 BANNED');
    expect(await timeUntil('403 BANNED', () => askAs(there, tokens))).toBeLessThan(boundMs);
    expect(await codeOf(refresh(there, tokens.refreshToken))).toBe('BANNED');
    await expect(logIn(there, 'o-banned')).rejects.toThrow('BANNED');
    const { text } = await refresh(there, tokens.refreshToken);
    expect(text).not.toContain(ban.reason);
    expect((await askAdmin(there, 'GET', '/admin/bans')).json).toEqual({ bans: [ban] });

    expect((await askAdmin(there, 'DELETE', '/admin/bans/o-banned')).status).toBe(204);
    expect(await askAs(there, tokens)).toBe('200');
    expect(await timeUntil('200', () => askAs(here, tokens))).toBeLessThan(boundMs);
    expect((await askAdmin(here, 'DELETE', '/admin/bans/o-banned')).status).toBe(404);
  });

  test('J-17 a ban for a time tells how long it lasts, and ends by itself', async () => {
    const tokens = await logIn(here, 'o-briefly');
    const ban = { userId: 'o-briefly', reason: 'too fast', durationSeconds: 1 };
    expect((await askAdmin(here, 'POST', '/admin/bans', ban)).json).toMatchObject({ endsInSeconds: 1 });
    const { status, headers } = await here.ask({
      body: { query: '{ me { name } }' },
      headers: { authorization: `Bearer ${tokens.accessToken}` },
    });
    expect([status, headers['retry-after']]).toEqual([403, '1']);
    expect(await timeUntil('200', () => askAs(here, tokens))).toBeLessThan(1_500);
  });

  test.each([
    ['without a user', { reason: 'r' }],
    ['without a reason', { userId: 'u' }],
    ['for less than no time', { userId: 'u', reason: 'r', durationSeconds: -1 }],
    ['with what nobody knows', { userId: 'u', reason: 'r', address: '10.0.0.1' }],
  ])('J-17 a ban %s is refused', async (_, body) => {
    expect((await askAdmin(here, 'POST', '/admin/bans', body)).status).toBe(400);
  });

  /** The one session of a user, as it lies in Redis. */
  async function storedSession(openid: string): Promise<[key: string, field: string, value: object]> {
    for (const key of await redis.keys(`${world.keyPrefix}sessions:*`)) {
      for (const [field, text] of Object.entries(await redis.hgetall(key))) {
        if (!field.startsWith('s:')) continue;
        const value = JSON.parse(text);
        const [, user] = /^\["session","([^"]+)"/.exec(placeOf(openid, field.slice(2))) ?? [];
        const sealer = createSealer([world.encryptionKey]);
        if (user && sealer.open(value.data, placeOf(openid, field.slice(2)))) return [key, field, value];
      }
    }
    throw new Error(`no session of ${openid}`);
  }
  const placeOf = (userId: string, sessionId: string): string =>
    JSON.stringify(['session', userId, sessionId]);

  test.each<
    [string, (value: Record<string, unknown>, field: string) => Promise<object | string> | object | string]
  >([
    ['text', () => 'garbage'],
    ['another kind of JSON', () => ({ roles: ['ADMIN'] })],
    ['data in the clear', (value) => ({ ...value, data: '{"version":1,"roles":["ADMIN"]}' })],
    [
      'data with one character changed',
      (value) => ({ ...value, data: `${value.data}`.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')) }),
    ],
    ['data cut short', (value) => ({ ...value, data: `${value.data}`.slice(0, 30) })],
    [
      'data under a key of nobody',
      (value) => ({ ...value, data: `${value.data}`.replace(/^1\.\w{8}/, '1.00000000') }),
    ],
    ['data in a format to come', (value) => ({ ...value, data: `${value.data}`.replace(/^1/, '2') })],
    [
      'data of an administrator',
      async (value) => ({ ...value, data: (await storedSession('o-sim-admin'))[2]['data' as never] }),
    ],
    [
      'a session of another version',
      (value, field) => {
        const session = { version: 2, id: field.slice(2), userId: 'o-tampered' };
        const data = createSealer([world.encryptionKey]).seal(
          JSON.stringify(session),
          placeOf('o-tampered', field.slice(2)),
        );
        return { ...value, data };
      },
    ],
  ])('J-18 a stored session that is %s by now opens nothing, and the log says so', async (_, change) => {
    await logIn(here, 'o-sim-admin');
    const tokens = await logIn(here, 'o-tampered');
    const [key, field, value] = await storedSession('o-tampered');
    const changed = await change(value as Record<string, unknown>, field);
    await redis.hset(key, field, typeof changed === 'string' ? changed : JSON.stringify(changed));

    expect(await askAs(there, tokens)).toBe(refused);

    const line = { event: 'damaged', sessionId: field.slice(2), msg: 'a session was given up' };
    expect(there.gateway.log()).toContainEqual(expect.objectContaining(line));
    expect(await codeOf(refresh(here, tokens.refreshToken))).toBe('UNAUTHENTICATED');
    await redis.hdel(key, field);
    expect(await askAs(here, await logIn(here, 'o-tampered'))).toBe('200');
    await logOut(here, await logIn(here, 'o-tampered'), '-everywhere');
  });

  test('L-08 a forged token is refused equally soon, whether the user and the session that it names exist or not', async () => {
    const { accessToken, refreshToken } = await logIn(here, 'o-probed');
    const forge = (user: string, sessionId: string): string =>
      [Buffer.from(user).toString('base64url'), sessionId, ...refreshToken.split('.').slice(2)].join('.');
    const [, sessionId = ''] = refreshToken.split('.');
    const [head = '', , signature = ''] = accessToken.split('.');
    const claim = (sub: string, sid: string): string =>
      Buffer.from(JSON.stringify({ sub, sid, iss: 'minigate', aud: 'minigate' })).toString('base64url');
    const random = 'A'.repeat(32);
    const probes = [
      ['known', () => refresh(here, forge('o-probed', random))],
      ['unknown', () => refresh(here, forge('o-nobody', random))],
      ['known', () => askAs(here, { accessToken: `${head}.${claim('o-probed', sessionId)}.${signature}` })],
      ['unknown', () => askAs(here, { accessToken: `${head}.${claim('o-nobody', random)}.${signature}` })],
    ] as const;

    const taken: Record<string, number[]> = { known: [], unknown: [] };
    for (let round = 0; round < 100; round += 1) {
      for (const [what, probe] of round % 2 ? probes : probes.toReversed()) {
        const startedAt = performance.now();
        await probe();
        taken[what]?.push(performance.now() - startedAt);
      }
    }

    const median = (times: number[] = []): number => times.toSorted((a, b) => a - b)[times.length / 2] ?? 0;
    const [known, unknown] = [median(taken.known), median(taken.unknown)];
    expect(Math.abs(known - unknown) / Math.max(known, unknown)).toBeLessThan(0.25);
  });

  test('W-10 what lies in Redis says neither who a session is of nor the keys of WeChat', async () => {
    const { refreshToken } = await logIn(here, 'o-confidential');
    const keys = await redis.keys(`${world.keyPrefix}*`);
    const read = async (key: string): Promise<unknown> => {
      const type = await redis.type(key);
      if (type === 'hash') return redis.hgetall(key);
      return type === 'stream' ? redis.xrange(key, '-', '+') : redis.get(key);
    };
    const stored = await Promise.all(keys.map(async (key) => JSON.stringify([key, await read(key)])));
    const secrets = [...here.secrets(), 'o-confidential', refreshToken, refreshToken.split('.')[2] ?? ''];
    expect(stored.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(stored.filter((text) => text.includes(secret))).toEqual([]);
  });
});
