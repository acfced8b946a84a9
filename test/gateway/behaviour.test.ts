/** Behaviour rules and the security log as people and operators meet them: by HTTP, on one gateway and on two. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AttackWorld,
  type AttackWorldOptions,
  appId,
  startAttackWorld,
} from '../support/attack-world.ts';
import {
  askAdmin,
  askAs,
  logIn,
  logOut,
  refresh,
  startGatewayNodes,
  type Tokens,
} from '../support/gateway-nodes.ts';
import { describeWith } from '../support/services.ts';
import { type SigningKey, signClientRequest } from '../support/sign-client-request.ts';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0)) await part.close();
});

const behaviour = { mode: 'enforce' as const, exemptAddresses: [] };

async function start(config: AttackWorldOptions['config'] = {}): Promise<AttackWorld> {
  const world = await startAttackWorld({
    dev: true,
    config: { behaviour, trustedProxies: ['127.0.0.1'], ...config },
  });
  running.push(world);
  return world;
}

/** From the phone at this address, as our proxy tells it. */
const from = (address: string) => ({ 'x-forwarded-for': address });

async function failToLogIn(world: AttackWorld, address: string): Promise<string> {
  const body = { appId, code: `a-code-of-nobody-${Math.random()}` };
  const answer = await world.ask({ path: '/auth/wechat/login', headers: from(address), body });
  return `${answer.status} ${answer.json?.errors?.[0]?.extensions?.code}`;
}

const errorOf = (code: string) => ({ errors: [{ extensions: { code } }] });

const recordsOf = async (world: AttackWorld, search = ''): Promise<Record<string, unknown>[]> =>
  (
    (await askAdmin(world, 'GET', `/admin/security-log${search}`)).json as {
      records: Record<string, unknown>[];
    }
  ).records;

describe('the security log', () => {
  test('holds every credential that was refused, where, with which code and to whom, and no credential', async () => {
    const world = await start();
    const askWith = (headers: Record<string, string>): Promise<unknown> =>
      world.ask({ body: { query: '{ me { name } }' }, headers: { ...from('2001:db8::7'), ...headers } });
    await failToLogIn(world, '198.51.100.9');
    await askWith({ authorization: 'Bearer not-a-token', 'x-request-id': 'r1' });
    await askWith({ authorization: 'Bearer mgk_nor-a-key', 'x-request-id': 'r2' });
    await askWith({ 'x-request-id': 'r3' });
    await world.ask({ path: '/auth/refresh', body: { refreshToken: 'nothing' } });
    const records = await recordsOf(world);
    expect(records.map(({ id: _, at: __, requestId: ___, ...record }) => record)).toEqual([
      { event: 'LOGIN_FAILED', code: 'INVALID_CODE', address: '198.51.100.9', times: 1 },
      { event: 'AUTHENTICATION_FAILED', code: 'UNAUTHENTICATED', address: '2001:db8:0:0::/64', times: 2 },
      { event: 'AUTHENTICATION_FAILED', code: 'UNAUTHENTICATED', address: '127.0.0.1', times: 1 },
    ]);
    expect(JSON.stringify(records)).not.toMatch(/not-a-token|mgk_|a-code|nothing/);
    expect(world.gateway.log().filter(({ msg }) => msg === 'security')).toHaveLength(4);
  });

  test('is read from a time or a place on, so many records at once', async () => {
    const world = await start();
    for (const last of [1, 2, 3]) await failToLogIn(world, `198.51.100.${last}`);
    const first = (await askAdmin(world, 'GET', '/admin/security-log?limit=2')).json as { next: string };
    const addresses = (records: Record<string, unknown>[]) => records.map(({ address }) => address);
    expect(addresses(await recordsOf(world, `?since=${first.next}`))).toEqual(['198.51.100.3']);
    expect(await recordsOf(world, '?since=2999-01-01T00:00:00Z')).toEqual([]);
    expect(await recordsOf(world, '?since=2000-01-01')).toHaveLength(3);
    for (const search of ['?since=yesterday', '?limit=0', '?limit=1001', '?from=1'])
      expect(await askAdmin(world, 'GET', `/admin/security-log${search}`)).toMatchObject({
        status: 400,
        json: { errors: [{ extensions: { code: 'BAD_REQUEST' } }] },
      });
  });

  test('tells who used a refresh token again, and what an operator did', async () => {
    const world = await start({ session: { refreshGraceSeconds: 0 } });
    const { refreshToken } = await logIn(world, 'anna');
    const { user } = (await refresh(world, refreshToken)).json as unknown as { user: { id: string } };
    await refresh(world, refreshToken);
    await askAdmin(world, 'POST', '/admin/bans', { userId: user.id, reason: 'fraud', durationSeconds: 60 });
    await askAdmin(world, 'DELETE', `/admin/bans/${user.id}`);
    const records = await recordsOf(world);
    expect(
      records.map(({ id: _, at: __, times: ___, requestId: ____, sessionId: _____, ...rest }) => rest),
    ).toEqual([
      { event: 'REFRESH_REUSED', userId: user.id },
      { event: 'AUTHENTICATION_FAILED', code: 'UNAUTHENTICATED', address: '127.0.0.1', userId: user.id },
      { event: 'BAN_SET', by: 'operator', userId: user.id, reason: 'fraud', durationSeconds: 60 },
      { event: 'BAN_LIFTED', userId: user.id },
    ]);
  });
});

describe('the security log tells who it was that', () => {
  const audience = 'https://api.example.com';
  const keys = [{ id: 'k', secret: 'a master key of 32 characters or more' }];
  const userId = 'anna';
  let world: AttackWorld;
  let tokens: Tokens;
  beforeEach(async () => {
    world = await start({ signing: { audience, keys } });
    tokens = await logIn(world, userId);
  });
  const told = async () =>
    (await recordsOf(world))
      .filter(({ code }) => code)
      .map(({ event, code, userId: of }) => ({ event, code, userId: of }));

  test('signed wrongly, if the access token is one of ours', async () => {
    const signature = { 'minigate-signature': 'v1;k.x;0;0;0' };
    for (const [index, authorization] of [`Bearer ${tokens.accessToken}`, 'Bearer a.b.c'].entries()) {
      await world.ask({ body: { query: '{ me { name } }' }, headers: { authorization, ...signature } });
      await expect.poll(told).toHaveLength(index + 1);
    }
    const failed = { event: 'SIGNATURE_FAILED', code: 'SIGNATURE_INVALID' };
    expect(await told()).toEqual([{ ...failed, userId }, failed]);
  });

  test('refreshes by a signature that does not hold, by another session’s key, or by one that came before', async () => {
    const other = (await logIn(world, 'mallory')) as Tokens & SigningKey;
    const own = tokens as Tokens & SigningKey;
    const body = JSON.stringify({ refreshToken: own.refreshToken });
    const timestamp = Math.floor(Date.now() / 1000) + 10;
    const send = async (by: SigningKey, nonce: string, mac?: string): Promise<number> => {
      const signature = signClientRequest({ path: '/auth/refresh', body, timestamp, nonce }, by, mac);
      const headers = { 'minigate-signature': signature };
      return (await world.ask({ path: '/auth/refresh', body, headers })).status;
    };
    expect(await send(own, randomUUID(), '0'.repeat(64))).toBe(403);
    expect(await send(other, randomUUID())).toBe(403);
    const nonce = randomUUID();
    expect([await send(own, nonce), await send(own, nonce)]).toEqual([200, 409]);
    const failed = { event: 'SIGNATURE_FAILED', code: 'SIGNATURE_INVALID', userId };
    await expect.poll(told).toEqual([failed, { ...failed, code: 'REPLAYED' }]);
  });

  test('is banned, and comes with a token, a refresh token or a new login', async () => {
    await askAdmin(world, 'POST', '/admin/bans', { userId, reason: 'fraud' });
    expect(await askAs(world, tokens)).toBe('403 BANNED');
    await refresh(world, tokens.refreshToken);
    await expect(logIn(world, userId)).rejects.toThrow('BANNED');
    const failed = { event: 'AUTHENTICATION_FAILED', code: 'BANNED', userId };
    expect(await told()).toEqual([failed, { ...failed, event: 'LOGIN_FAILED' }]);
  });

  test('comes with the token of a session that has ended', async () => {
    await logOut(world, tokens);
    expect(await askAs(world, tokens)).toBe('401 UNAUTHENTICATED');
    expect(await told()).toEqual([{ event: 'AUTHENTICATION_FAILED', code: 'UNAUTHENTICATED', userId }]);
  });
});

describe('rules', () => {
  test('an address that fails to log in too often gets no answer for a while, and others do', async () => {
    const world = await start();
    const answers: string[] = [];
    for (let count = 0; count < 101; count += 1) answers.push(await failToLogIn(world, '198.51.100.9'));
    await expect.poll(() => failToLogIn(world, '198.51.100.9')).toBe('403 ADDRESS_DENIED');
    expect(new Set(answers.slice(0, 100))).toEqual(new Set(['401 INVALID_CODE']));
    expect(await failToLogIn(world, '198.51.100.10')).toBe('401 INVALID_CODE');

    expect((await askAdmin(world, 'GET', '/admin/denylist')).json).toMatchObject({
      denied: [
        {
          range: '198.51.100.9/32',
          reason: expect.stringMatching(/^behaviour: failed logins \(10\d\d(\.\d)?\)$/),
          endsInSeconds: expect.closeTo(300, -1),
        },
      ],
    });
    expect((await recordsOf(world)).filter(({ event }) => event === 'BAN_SET')).toMatchObject([
      {
        ...{ by: 'rules', address: '198.51.100.9', durationSeconds: 300, earlierBans: 0 },
        rules: [{ rule: 'failed logins' }],
      },
    ]);

    expect((await askAdmin(world, 'DELETE', '/admin/denylist/198.51.100.9')).status).toBe(204);
    expect(await failToLogIn(world, '198.51.100.9')).toBe('401 INVALID_CODE');
  });

  test('an address that pushes for all of WeChat is never banned, however many signatures do not hold', async () => {
    const push = { token: 'pushtoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
    const world = await start({ wechat: { apps: { [appId]: { secret: 'simulator-secret', push } } } });
    const forged = {
      method: 'POST',
      path: '/wx/message?signature=x',
      headers: from('198.51.100.9'),
      body: {},
    };
    for (let count = 0; count < 250; count += 1)
      expect((await world.ask(forged)).json).toMatchObject(errorOf('SIGNATURE_INVALID'));
    expect(await failToLogIn(world, '198.51.100.9')).toBe('401 INVALID_CODE');
    const [pushed] = await recordsOf(world);
    expect(pushed).toMatchObject({ event: 'SIGNATURE_FAILED', sharedAddress: '198.51.100.9' });
    expect((await askAdmin(world, 'GET', '/admin/denylist')).json).toEqual({ denied: [] });
  });

  test('addresses of private networks are never banned, unless the settings say so: they are those of proxies', async () => {
    const world = await start({ behaviour: { mode: 'enforce' } });
    for (let count = 0; count < 120; count += 1) await failToLogIn(world, '10.0.0.7');
    expect(await failToLogIn(world, '10.0.0.7')).toBe('401 INVALID_CODE');
  });

  test('measured only, rules ban nobody and say whom they would', async () => {
    const world = await start({ behaviour: { ...behaviour, mode: 'measure' } });
    for (let count = 0; count < 120; count += 1) await failToLogIn(world, '198.51.100.9');
    expect(await failToLogIn(world, '198.51.100.9')).toBe('401 INVALID_CODE');
    expect(world.gateway.log()).toContainEqual(
      expect.objectContaining({
        msg: 'behaviour rules would have banned',
        ban: expect.objectContaining({ subject: 'address', id: '198.51.100.9', durationSeconds: 300 }),
      }),
    );
  });

  test('a user who asks for too much again and again is banned, longer the second time; lifted, all is forgotten', async () => {
    const rules = [
      { name: 'cost', event: 'COST_EXCEEDED', per: 'user', weight: 60, halfLifeSeconds: 3_600 },
    ] as const;
    const world = await start({ behaviour: { ...behaviour, rules: [...rules] }, limits: { maxCost: 20 } });
    const spend = (tokens: { accessToken: string }) =>
      askAs(world, tokens, { body: { query: '{ users(first: 100) { id } }' } });
    const anna = await logIn(world, 'anna');
    const { user } = (await refresh(world, anna.refreshToken)).json as unknown as { user: { id: string } };
    const { id } = user;
    const becomeBanned = async (): Promise<object[]> => {
      for (let count = 0; count < 3; count += 1) await spend(anna);
      await expect.poll(() => spend(anna)).toBe('403 BANNED');
      return ((await askAdmin(world, 'GET', '/admin/bans')).json as { bans: object[] }).bans;
    };
    const ban = {
      ...{ userId: id, reason: 'behaviour: cost (120)', rules: [{ rule: 'cost', points: 120 }] },
    };
    expect(await becomeBanned()).toEqual([
      { ...ban, earlierBans: 0, durationSeconds: 300, endsInSeconds: expect.closeTo(300, -1) },
    ]);
    await askAdmin(world, 'DELETE', `/admin/bans/${id}`);
    expect(await spend(anna)).toBe('400 COST_LIMIT_EXCEEDED');
    await askAdmin(world, 'POST', '/admin/bans', { userId: id, reason: 'fraud' });
    expect((await askAdmin(world, 'GET', '/admin/bans')).json).toEqual({
      bans: [{ userId: id, reason: 'fraud' }],
    });
  });

  test('a device id that is no such text is refused, and one that is changes nothing for one user', async () => {
    const world = await start();
    const send = async (deviceId: unknown) =>
      world.ask({
        path: '/auth/wechat/login',
        body: { appId, code: await world.loginCode('anna'), deviceId },
      });
    for (const deviceId of ['short', 'x'.repeat(65), 7, {}, 'with spaces in its middle'])
      expect((await send(deviceId)).json?.errors?.[0]?.extensions?.code).toBe('BAD_REQUEST');
    expect((await send('0123456789abcdef')).status).toBe(200);
  });

  test('X-05 many users of one device at one address count against both', async () => {
    const rules = [
      {
        name: 'many users',
        event: 'LOGIN_SUCCEEDED',
        per: 'device',
        weight: 5,
        halfLifeSeconds: 600,
        distinctUsers: true,
      },
      { name: 'crowded', event: 'MANY_IDENTITIES', per: 'address', weight: 1_000, halfLifeSeconds: 600 },
    ] as const;
    const world = await start({ behaviour: { ...behaviour, rules: [...rules] } });
    const logInAs = async (openid: string): Promise<number> => {
      const body = { appId, code: await world.loginCode(openid), deviceId: 'one-device-of-many' };
      return (await world.ask({ path: '/auth/wechat/login', headers: from('198.51.100.9'), body })).status;
    };
    expect([await logInAs('anna'), await logInAs('anna'), await logInAs('anna')]).toEqual([200, 200, 200]);
    expect(await logInAs('ben')).toBe(200);
    await expect.poll(() => logInAs('cleo')).toBe(403);
    expect((await recordsOf(world)).map(({ event }) => event)).toContain('MANY_IDENTITIES');
  });
});

describeWith('redis', 'two gateways that share a Redis', (redisUrl) => {
  test('count what somebody does at both, ban at both, and write one log', async () => {
    const rules = [
      { name: 'cost', event: 'COST_EXCEEDED', per: 'user', weight: 26, halfLifeSeconds: 3_600 },
    ] as const;
    const gateways = await startGatewayNodes(2, {
      redisUrl,
      config: { behaviour: { ...behaviour, rules: [...rules] }, limits: { maxCost: 20 } },
    });
    running.push(gateways);
    const [here, there] = gateways.nodes as [AttackWorld, AttackWorld];
    const anna = await logIn(here, 'anna');
    const spendAt = (node: AttackWorld) =>
      askAs(node, anna, { body: { query: '{ users(first: 100) { id } }' } });
    for (const node of [here, there, here, there])
      expect(await spendAt(node)).toBe('400 COST_LIMIT_EXCEEDED');
    await expect.poll(() => spendAt(here), { timeout: 2_000 }).toBe('403 BANNED');
    await expect.poll(() => spendAt(there), { timeout: 2_000 }).toBe('403 BANNED');
    const isBan = ({ event }: Record<string, unknown>): boolean => event === 'BAN_SET';
    await expect
      .poll(async () => (await recordsOf(here)).filter(isBan), { timeout: 5_000 })
      .toMatchObject([{ userId: 'anna', by: 'rules', durationSeconds: 300, earlierBans: 0 }]);
    expect((await recordsOf(there)).filter(isBan)).toHaveLength(1);
  });
});
