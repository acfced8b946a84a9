/** Mutations that WeChat's key of the phone must sign: what is not signed so reaches no subgraph. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../../gateway/config.ts';
import { type Answer, type AttackWorld, appId, startAttackWorld } from '../support/attack-world.ts';
import { type ClientRequest, signClientRequest } from '../support/sign-client-request.ts';
import { askDevice } from '../support/wechat-device.ts';

const audience = 'https://api.example.com';
const apiKey = `mgk_${'k'.repeat(43)}`;
let world: AttackWorld;
beforeAll(async () => {
  world = await startAttackWorld({
    dev: true,
    config: {
      signing: { audience, userKeyMutations: ['touch'] },
      apiKeys: [
        {
          name: 'reports',
          hash: `sha256:${createHash('sha256').update(apiKey).digest('hex')}`,
          roles: ['USER'],
          expiresAt: '2099-01-01T00:00:00Z',
        },
      ],
    },
  });
});
afterAll(() => world.close());

interface UserKey {
  readonly encryptKey: string;
  readonly version: number;
}

interface Phone {
  readonly openid: string;
  readonly accessToken: string;
  readonly key: UserKey;
}

const keyOf = (openid: string, renew = false): Promise<UserKey> =>
  askDevice<UserKey>(world.wechatUrl, 'user-key', { appId, openid, renew });

const logIn = async (openid: string): Promise<string> => {
  const body = { appId, code: await world.loginCode(openid) };
  return `${(await world.ask({ path: '/auth/wechat/login', body })).json?.accessToken}`;
};

async function startPhone(openid = `o-${randomUUID()}`): Promise<Phone> {
  return { openid, accessToken: await logIn(openid), key: await keyOf(openid) };
}

interface Changes {
  readonly signed?: Partial<ClientRequest>;
  readonly keyId?: string;
  readonly by?: UserKey;
  readonly audience?: string;
  readonly sentBody?: string;
}

const touch = JSON.stringify({ query: 'mutation { touch }' });
const now = (): number => Math.floor(Date.now() / 1000);

function sign(phone: Phone, body: string, changes: Changes = {}) {
  const headers = { authorization: `Bearer ${phone.accessToken}` };
  const key = changes.by ?? phone.key;
  const signature = signClientRequest(
    { headers, body, timestamp: now(), nonce: randomUUID(), ...changes.signed },
    {
      signingKey: key.encryptKey,
      signingKeyId: changes.keyId ?? `wx.${key.version}`,
      signingAudience: changes.audience ?? audience,
    },
  );
  return {
    body: changes.sentBody ?? body,
    headers: { ...headers, 'minigate-user-signature': signature },
  };
}

/** What it was answered, and whether a subgraph heard of it. */
async function ask(send: Parameters<AttackWorld['ask']>[0]) {
  const before = world.fetches();
  const answer = await world.ask(send);
  return { ...toSeen(answer), fetches: world.fetches() - before };
}

const toSeen = ({ status, json }: Answer) => {
  const code = json?.errors?.[0]?.extensions?.code;
  return code === undefined ? { status, data: json?.data } : { status, code };
};
const done = { status: 200, data: { touch: true }, fetches: 1 };
const refused = { status: 403, code: 'USER_SIGNATURE_INVALID', fetches: 0 };

test('signed by the key that the phone has, it runs', async () => {
  expect(await ask(sign(await startPhone(), touch))).toEqual(done);
});

test('signed by a key that is no longer the newest, it runs too', async () => {
  const phone = await startPhone();
  await keyOf(phone.openid, true);
  expect(await ask(sign(phone, touch))).toEqual(done);
});

test('unsigned, it is refused with all that is needed to sign it', async () => {
  const { accessToken } = await startPhone();
  const before = world.fetches();
  const answer = await world.ask({ body: touch, headers: { authorization: `Bearer ${accessToken}` } });
  const { 'minigate-time': time, 'minigate-audience': named } = answer.headers;
  expect({ ...toSeen(answer), fetches: world.fetches() - before }).toEqual(refused);
  expect(Math.abs(Number(time) - now())).toBeLessThan(5);
  expect(named).toBe(audience);
});

describe.each<[string, (phone: Phone) => Changes | Promise<Changes>]>([
  ['a version that WeChat does not know', () => ({ keyId: 'wx.99' })],
  ['a key id of another kind', () => ({ keyId: `k1.${appId}.abc` })],
  ['the key of somebody else', async () => ({ by: (await startPhone()).key })],
  ['a body other than what was signed', () => ({ sentBody: touch.replace('touch', 'touch ') })],
  [
    'the access token of somebody else',
    async () => ({ signed: { headers: { authorization: `Bearer ${await logIn('o-other')}` } } }),
  ],
  ['another deployment as audience', () => ({ audience: 'https://staging.example.com' })],
  ['a timestamp 301 s back', () => ({ signed: { timestamp: now() - 301 } })],
  ['a timestamp 302 s ahead', () => ({ signed: { timestamp: now() + 302 } })],
])('with %s', (_what, change) => {
  test('it is refused', async () => {
    const phone = await startPhone();
    expect(await ask(sign(phone, touch, await change(phone)))).toEqual(refused);
  });
});

test('sent again as it was, it does not run again', async () => {
  const send = sign(await startPhone(), touch);
  expect(await ask(send)).toEqual(done);
  expect(await ask(send)).toEqual({ status: 409, code: 'REPLAYED', fetches: 0 });
});

test('the security log tells whose signature does not hold, and whose came twice', async () => {
  const phone = await startPhone();
  const send = sign(phone, touch);
  await ask(send);
  await ask(send);
  await ask(sign(phone, touch, { keyId: 'wx.99' }));
  const told = world.gateway
    .log()
    .filter(({ msg, userId }) => msg === 'security' && userId === phone.openid)
    .map(({ event, code }) => `${event} ${code}`);
  expect(told).toEqual(['SIGNATURE_FAILED REPLAYED', 'SIGNATURE_FAILED USER_SIGNATURE_INVALID']);
});

test.each([
  ['under an alias', 'mutation { mayTouch t: touch }'],
  ['in a fragment', 'mutation { ...F } fragment F on Mutation { ... on Mutation { touch } }'],
  [
    'where a variable may leave it out',
    'mutation ($no: Boolean = false) { mayTouch touch @include(if: $no) }',
  ],
])('it is found %s', async (_where, query) => {
  const { accessToken } = await startPhone();
  const headers = { authorization: `Bearer ${accessToken}` };
  expect(await ask({ body: { query }, headers })).toEqual(refused);
});

test('other mutations, and queries, need no signature', async () => {
  const { accessToken } = await startPhone();
  const headers = { authorization: `Bearer ${accessToken}` };
  expect(await ask({ body: { query: 'mutation { mayTouch }' }, headers })).toMatchObject({ fetches: 1 });
  expect(await ask({ body: { query: '{ me { name } }' }, headers })).toMatchObject({ status: 200 });
});

test('a guest is told to log in, a service needs no phone', async () => {
  expect(await ask({ body: touch })).toEqual({ status: 401, code: 'UNAUTHENTICATED', fetches: 0 });
  expect(await ask({ body: touch, headers: { authorization: `Bearer ${apiKey}` } })).toEqual(done);
});

describe('when WeChat', () => {
  let phone: Phone;
  beforeEach(async () => {
    phone = await startPhone();
  });

  test('has a newer session key, a login is needed, and suffices', async () => {
    const code = await world.loginCode(phone.openid);
    const query = {
      appid: appId,
      secret: 'simulator-secret',
      js_code: code,
      grant_type: 'authorization_code',
    };
    await fetch(`${world.wechatUrl}/sns/jscode2session?${new URLSearchParams(query)}`);

    expect(await ask(sign(phone, touch))).toEqual({ status: 401, code: 'SESSION_KEY_STALE', fetches: 0 });
    const accessToken = await logIn(phone.openid);
    expect(await ask(sign({ ...phone, accessToken }, touch))).toEqual(done);
  });

  test.each([
    ['is busy', -1, 3, { status: 503, code: 'WECHAT_UNAVAILABLE', fetches: 0 }],
    ['wants no more questions', 45011, 1, { status: 429, code: 'RATE_LIMITED', fetches: 0 }],
  ])('%s, nothing runs unchecked', async (_what, errcode, times, answer) => {
    const path = '/wxa/business/getuserencryptkey';
    await fetch(`${world.wechatUrl}/simulator/faults`, {
      method: 'POST',
      body: JSON.stringify({ errcode, times, path }),
    });
    expect(await ask(sign(phone, touch))).toEqual(answer);
    expect(await ask(sign(phone, touch))).toEqual(done);
  });
});

test('the key is in no line of the log', async () => {
  const phone = await startPhone();
  await ask(sign(phone, touch));
  expect(JSON.stringify(world.gateway.log())).not.toContain(phone.key.encryptKey);
});

test('a name that is no mutation stops the start', async () => {
  const start = startAttackWorld({
    dev: true,
    config: { signing: { audience, userKeyMutations: ['touch', 'tuoch'] } },
  });
  await expect(start).rejects.toThrow('names Mutation.tuoch, which the schema does not have.');
});

test('without an audience it cannot be set up', () => {
  const signing = { userKeyMutations: ['touch'] };
  expect(() => parseConfig({ dev: true, supergraph: 'a', signing })).toThrow('  signing.audience: needed');
});
