/** The client that signs, against a gateway that wants signatures, over HTTP. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../client/signing.ts';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { type AttackWorld, appId, startAttackWorld } from '../support/attack-world.ts';
import { createWxDevice } from '../support/wx.ts';
import { query, startMiniProgram } from './mini-program.ts';

const text = 'query Me { me { name } }';
const me = { id: documentIdOf(text), name: 'Me', type: 'query' } as const;
const answer = { ok: true, data: { me: { name: 'Person o-sim-user' } } };

describe('a gateway where every operation must be signed', () => {
  let world: AttackWorld;
  beforeAll(async () => {
    world = await startAttackWorld({
      dev: false,
      operations: { Me: text },
      config: {
        signing: {
          keys: [{ id: 'k1', secret: 'a master key for tests, 32 characters' }],
          audience: 'https://shop.example.com',
          requiredPaths: ['/graphql'],
        },
      },
    });
  });
  afterAll(() => world.close());

  const startPhone = () =>
    createWxDevice({ appId, person: { simulatorUrl: world.wechatUrl, openid: 'o-sim-user' } });
  const launch = (wx: Parameters<typeof createClient>[0]['wx'], now: () => number = Date.now) =>
    createClient({ wx, url: world.gateway.url, appId, clientName: 'shop', clientVersion: '1.0.0', now });
  const storageKey = () => `minigate-signing:${world.gateway.url}:${appId}`;

  it('a call is signed by the key of the login, and so is the next launch', async () => {
    const { wx, calls } = startPhone();
    expect(await launch(wx).request(me)).toEqual(answer);
    expect(await launch(wx).request(me, { name: '中' })).toEqual(answer);
    expect(calls).toEqual({ login: 1, request: 3 });
  });

  it.each([-3_600_000, 3_600_000])(
    'a clock that is %i ms off costs one request more, once',
    async (offMs) => {
      const { wx, calls } = startPhone();
      const client = launch(wx, () => Date.now() + offMs);
      expect(await client.request(me)).toEqual(answer);
      expect(calls).toEqual({ login: 1, request: 3 });
      expect(await client.request(me)).toEqual(answer);
      expect(calls).toEqual({ login: 1, request: 4 });
    },
  );

  it('many calls at once are signed each by itself', async () => {
    const { wx } = startPhone();
    const client = launch(wx);
    const results = await Promise.all(Array.from({ length: 20 }, () => client.request(me)));
    expect(results).toEqual(Array.from({ length: 20 }, () => answer));
  });

  it.each([
    ['no longer good', { signingKey: 'AAAA', signingKeyId: 'k0.a.b', signingAudience: 'x' }],
    ['lost', ''],
  ])('a key that is %s costs one refresh and no wx.login', async (_what, stored) => {
    const { wx, calls } = startPhone();
    await launch(wx).request(me);
    wx.setStorageSync(storageKey(), stored);
    const before = { ...calls };
    const client = launch(wx);
    expect(await client.request(me)).toEqual(answer);
    expect(calls.login - before.login).toBe(0);
    expect(await client.request(me)).toEqual(answer);
    expect(calls.login - before.login).toBe(0);
  });

  it('a request that the network itself sends twice is answered, though the first answer was lost', async () => {
    const { wx } = startPhone();
    const sentSignatures: string[] = [];
    const doubling: typeof wx = {
      ...wx,
      request(option) {
        const signature = option.header?.['minigate-signature'];
        if (signature === undefined) return wx.request(option);
        sentSignatures.push(String(signature));
        if (sentSignatures.length > 1) return wx.request(option);
        return wx.request({ ...option, success: () => void wx.request(option) });
      },
    };
    expect(await launch(doubling as never).request(me)).toEqual(answer);
    expect(new Set(sentSignatures).size).toBe(2);
  });

  it('without random bytes of the phone it signs all the same', async () => {
    const { wx } = startPhone();
    const poor = { ...wx, getRandomValues: ({ fail }: { fail: (error: object) => void }) => fail({}) };
    expect(await launch(poor as never).request(me)).toEqual(answer);
  });

  it('a call that is given up before it is signed is not sent', async () => {
    const { wx, calls } = startPhone();
    const client = launch(wx);
    await client.login();
    const pending = client.request(me);
    await Promise.resolve();
    pending.abort();
    expect(await pending).toMatchObject({ ok: false, error: { kind: 'aborted' } });
    expect(calls.request).toBe(1);
  });
});

describe.each([
  ['alone', {}],
  [
    'beside the key of the session',
    { keys: [{ id: 'k1', secret: 'a master key for tests, 32 characters' }], requiredPaths: ['/graphql'] },
  ],
])('a gateway where a mutation must be signed by the key of the phone, %s', (_what, signing) => {
  const touchText = 'mutation Touch { touch }';
  const touch = { id: documentIdOf(touchText), name: 'Touch', type: 'mutation' } as const;
  const touched = { ok: true, data: { touch: true } };
  let world: AttackWorld;
  beforeAll(async () => {
    world = await startAttackWorld({
      dev: false,
      operations: { Me: text, Touch: touchText },
      config: { signing: { audience: 'https://shop.example.com', userKeyMutations: ['touch'], ...signing } },
    });
  });
  afterAll(() => world.close());

  const startPhone = (openid: string) =>
    createWxDevice({ appId, person: { simulatorUrl: world.wechatUrl, openid } });
  const launch = (wx: Parameters<typeof createClient>[0]['wx'], now: () => number = Date.now) =>
    createClient({ wx, url: world.gateway.url, appId, clientName: 'shop', clientVersion: '1.0.0', now });

  it('it is signed when the gateway asks, and at once from then on', async () => {
    const { wx, calls } = startPhone('o-anna');
    const client = launch(wx);
    await client.login();
    const requests: number[] = [];
    for (let call = 0; call < 2; call += 1) {
      const before = calls.request;
      expect(await client.request(touch)).toEqual(touched);
      requests.push(calls.request - before);
    }
    expect([requests, calls.login]).toEqual([[2, 1], 1]);
  });

  it('a clock that is an hour off is set by the answer', async () => {
    const client = launch(startPhone('o-bert').wx, () => Date.now() - 3_600_000);
    expect(await client.request(touch)).toEqual(touched);
    expect(await client.request(touch)).toEqual(touched);
  });

  it('a session key that WeChat has replaced costs one wx.login, for 20 calls at once', async () => {
    const { wx, calls } = startPhone('o-carl');
    const client = launch(wx);
    await client.login();
    const code = await world.loginCode('o-carl');
    const exchange = {
      appid: appId,
      secret: 'simulator-secret',
      js_code: code,
      grant_type: 'authorization_code',
    };
    await fetch(`${world.wechatUrl}/sns/jscode2session?${new URLSearchParams(exchange)}`);

    const results = await Promise.all(Array.from({ length: 20 }, () => client.request(touch)));
    expect(results).toEqual(Array(20).fill(touched));
    expect(calls.login).toBe(2);
  });

  it('a phone without such keys gets the refusal, and its queries go on', async () => {
    const { wx, calls } = startPhone('o-dora');
    const { getUserCryptoManager: _, ...old } = wx;
    const client = launch(old);
    await client.login();
    const before = calls.request;
    expect(await client.request(touch)).toMatchObject({
      ok: false,
      error: { kind: 'refused', code: 'USER_SIGNATURE_INVALID', status: 403 },
    });
    expect(calls.request - before).toBe(1);
    expect(await client.request(me)).toMatchObject({ ok: true });
  });

  it('a signature that is refused over and over is made twice, no more', async () => {
    const { wx, calls } = startPhone('o-emil');
    const wrong: typeof wx = {
      ...wx,
      getUserCryptoManager: () => ({
        getLatestUserKey: ({ success }: { success?: (key: object) => void }) =>
          success?.({ encryptKey: 'AAAAAAAAAAAAAAAAAAAAAA==', version: 1 }),
      }),
    } as never;
    const client = launch(wrong);
    await client.login();
    const before = calls.request;
    expect(await client.request(touch)).toMatchObject({
      ok: false,
      error: { code: 'USER_SIGNATURE_INVALID' },
    });
    expect(calls.request - before).toBe(3);
  });
});

describe('a gateway that gives no signing key', () => {
  let program: Awaited<ReturnType<typeof startMiniProgram>>;
  beforeEach(async () => {
    program = await startMiniProgram();
  });
  afterEach(() => program.close());

  it('is sent what a client that does not sign sends', async () => {
    const { device, gateway, clock } = program;
    const names = { clientName: 'test', clientVersion: '1.2.3', now: () => clock.now };
    const client = createClient({ wx: device.wx, url: gateway.url, appId, ...names });
    expect(await client.request(query, { a: 1 })).toEqual({ ok: true, data: { echo: { a: 1 } } });
    const [sent] = gateway.received.slice(-1);
    expect(sent?.headers).not.toHaveProperty('minigate-signature');
    expect(sent?.headers).toMatchObject({ authorization: 'Bearer token-1', 'minigate-client-name': 'test' });
  });
});
