/** Attacks on signed requests: what was signed runs once, soon, here, for the session that signed it; nothing else. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createAttack } from '../support/attack.ts';
import { type Answer, type AttackWorld, appId, type Send } from '../support/attack-world.ts';
import {
  type ClientRequest,
  macOf,
  type SigningKey,
  signClientRequest,
} from '../support/sign-client-request.ts';

const me = 'query Me { me { name } }';
const clock = { now: Date.now() };
const audience = 'https://api.example.com';
const attack = createAttack({
  dev: false,
  now: () => clock.now,
  operations: { Me: me },
  config: {
    signing: {
      audience,
      requiredClients: ['shop'],
      keys: [
        { id: 'k2', secret: 'the master key in force, 32 characters' },
        { id: 'k1', secret: 'the master key before it, 32 characters' },
      ],
    },
  },
});

const documentId = documentIdOf(me);
const body = `{"documentId":"${documentId}"}`;
const shop = { 'minigate-client-name': 'shop' };
const data = { me: { name: 'Person o-sim-user' } };
const accepted = { status: 200, fetches: 1, data };
const refused = { status: 403, code: 'SIGNATURE_INVALID', fetches: 0 };
const seconds = (): number => Math.floor(clock.now / 1000);

type Login = SigningKey & { readonly accessToken: string };

/** A login of its own for each case, so that no case needs another's. */
async function logIn(world: AttackWorld, who = 'user'): Promise<Login> {
  const login = await world.ask({ path: '/auth/wechat/login', body: { appId, code: `simulator:${who}` } });
  return login.json as unknown as Login;
}

interface Changes {
  /** Other than what is sent. */
  readonly signed?: Partial<ClientRequest>;
  readonly by?: Partial<SigningKey> | ((login: Login) => Partial<SigningKey>);
  /** Other than what was signed. */
  readonly sent?: Partial<Send>;
  readonly mac?: (mac: Buffer) => string;
  readonly header?: (signature: string) => string | string[];
}

/** A request of the shop's client, signed as it should be but for what is changed. */
const signed =
  ({ signed = {}, by = {}, sent = {}, mac, header = (signature) => signature }: Changes = {}) =>
  async (world: AttackWorld): Promise<Send> => {
    const login = await logIn(world);
    const headers = { ...shop, authorization: `Bearer ${login.accessToken}` };
    const request = { headers, body, timestamp: seconds(), nonce: randomUUID(), ...signed };
    const key = { ...login, ...(typeof by === 'function' ? by(login) : by) };
    const signature = signClientRequest(request, key, mac?.(macOf(request, key)));
    return {
      body,
      ...sent,
      headers: { ...headers, 'minigate-signature': header(signature), ...sent.headers },
    };
  };

attack('B-32', 'what was signed before this process started is refused: it may have run before', {
  send: (world) => signed({ signed: { timestamp: seconds() - 1 } })(world),
  expect: refused,
  also: () => {
    clock.now += 400_000;
  },
});

attack('S-01', 'what is signed as it should be runs', { send: signed(), expect: accepted });

for (const late of [-299, 299]) {
  attack('S-01', `a timestamp ${late} s off runs`, {
    send: async (world) => signed({ signed: { timestamp: seconds() + late } })(world),
    expect: accepted,
  });
}

const tellsTheTime = ({ headers, text }: Answer): void => {
  expect(headers['minigate-time']).toBe(String(seconds()));
  expect(headers.date).toMatch(/GMT$/);
  if (text.includes('more than')) expect(text).toContain(`300 s from ${seconds()}`);
};

for (const [what, timestamp] of [
  ['301 s old', () => seconds() - 301],
  ['301 s ahead', () => seconds() + 301],
  ['in milliseconds', () => clock.now],
  ['negative', () => -seconds()],
  ['of 1e20', () => '100000000000000000000'],
  ['with an exponent', () => '1e9'],
  ['in hexadecimal', () => `0x${seconds().toString(16)}`],
  ['with a fraction', () => `${seconds()}.5`],
  ['that is no number', () => 'now'],
  ['that is empty', () => ''],
] as const) {
  attack('S-01', `a timestamp ${what} is refused with the time`, {
    send: (world) => signed({ signed: { timestamp: timestamp() } })(world),
    expect: refused,
    also: tellsTheTime,
  });
}

attack('S-01', 'who must sign and does not is refused with the time', {
  as: 'user',
  send: { headers: shop, body },
  expect: refused,
  also: tellsTheTime,
});

attack('S-01', 'who need not sign runs without', { as: 'user', send: { body }, expect: accepted });

const once = { request: {} as Send };
attack('S-02', 'a request that is sent again does not run again', {
  send: async (world) => {
    once.request = await signed()(world);
    expect((await world.ask(once.request)).status).toBe(200);
    return once.request;
  },
  expect: { status: 409, code: 'REPLAYED', fetches: 0 },
});

attack('S-02', 'a nonce may be used by another session', {
  send: async (world) => {
    const nonce = 'n'.repeat(32);
    expect((await world.ask(await signed({ signed: { nonce } })(world))).status).toBe(200);
    return signed({ signed: { nonce } })(world);
  },
  expect: accepted,
});

for (const [what, afterMs, expected] of [
  ['at the last moment of its timestamp', 300_000, { status: 409, code: 'REPLAYED', fetches: 0 }],
  ['once its record has expired', 300_001, refused],
  ['long after', 1_300_000, refused],
] as const) {
  attack('S-04', `a nonce that is used again ${what} does not run again`, {
    send: async (world) => {
      clock.now = Math.ceil(clock.now / 1000) * 1000;
      const request = await signed()(world);
      expect((await world.ask(request)).status).toBe(200);
      clock.now += afterMs;
      return request;
    },
    expect: expected,
  });
}

for (const [what, other] of [
  ['changed by a byte', body.replace('"}', '"} ')],
  ['formatted anew', JSON.stringify(JSON.parse(body), null, 1)],
  ['with its keys in another order', `{"operationName":null,"documentId":"${documentId}"}`],
  ['compressed', gzipSync(body)],
  ['that is empty', ''],
] as const) {
  attack('S-05', `a body ${what} is not what was signed`, {
    send: signed({ sent: { body: other } }),
    expect: refused,
  });
}

attack('S-05', 'order of keys: a body is its bytes, not what they mean', {
  send: signed({
    signed: { body: `{"documentId":"${documentId}","variables":{"a":1}}` },
    sent: { body: `{"variables":{"a":1},"documentId":"${documentId}"}` },
  }),
  expect: refused,
});

attack('S-05', 'an empty body is signed as an absent one, and is no request', {
  send: signed({ signed: { body: '' }, sent: { body: '' } }),
  expect: { status: 400, code: 'BAD_REQUEST', fetches: 0 },
});

attack('S-05', 'a body where none was signed is refused', {
  send: signed({ signed: { body: '' } }),
  expect: refused,
});

attack('S-05', 'a body that is no JSON is refused for its signature, before it is read', {
  send: signed({ sent: { body: '{{{' } }),
  expect: refused,
});

/** A GET, so that all it asks is in its address. */
const get = (query: string, sentQuery: string, more: Changes = {}) =>
  signed({
    ...more,
    signed: { method: 'GET', body: '', query, ...more.signed },
    sent: { method: 'GET', path: `/graphql?${sentQuery}`, body: undefined as never, ...more.sent },
  });
const id = documentId.replace(':', '%3A');
const canonical = `a=1%20x&b=%2F%C3%A9&documentId=${id}`;

for (const [what, query] of [
  ['as signed', canonical],
  ['in another order', `documentId=${id}&b=%2F%C3%A9&a=1%20x`],
  ['with + for a space', canonical.replace('%20', '+')],
  ['with lower-case percent-encoding', canonical.replace('%C3%A9', '%c3%a9')],
  ['with what need not be encoded', canonical.replace('documentId', '%64ocumentId')],
  ['with what need be encoded and is not', canonical.replace('%2F', '/').replace('%3A', ':')],
  ['with empty pairs', `&${canonical}&&`],
]) {
  attack('S-06', `a query ${what} is the one that was signed`, {
    send: get(canonical, `${query}`),
    expect: accepted,
  });
}

for (const [what, signedQuery, query] of [
  ['with a parameter more', canonical, `${canonical}&c=1`],
  ['with a parameter twice', canonical, `${canonical}&a=1%20x`],
  ['with doubles in another order', `a=1&a=2&documentId=${id}`, `a=2&a=1&documentId=${id}`],
  ['with another value', canonical, canonical.replace('a=1', 'a=2')],
  ['with its value encoded twice', canonical, canonical.replace('%20', '%2520')],
  ['that is no UTF-8', canonical, canonical.replace('%C3%A9', '%C3')],
  ['that is no percent-encoding', canonical, canonical.replace('%20', '%2')],
] as const) {
  attack('S-06', `a query ${what} is not the one that was signed`, {
    send: get(signedQuery, query),
    expect: refused,
  });
}

for (const [what, changes] of [
  ['another method', { signed: { method: 'PUT' } }],
  ['another path', { signed: { path: '/graphql/' } }],
  ['another query', { sent: { path: '/graphql?a=1' } }],
  ['another deployment', { by: { signingAudience: 'https://staging.example.com' } }],
  ['no deployment', { by: { signingAudience: '' } }],
  ['another token', { signed: { headers: { ...shop, authorization: 'Bearer another' } } }],
  ['another client', { signed: { headers: { 'minigate-client-name': 'other' } } }],
  ['an idempotency key more', { sent: { headers: { 'idempotency-key': 'another-intention' } } }],
  ['a client of Apollo’s names more', { sent: { headers: { 'apollographql-client-name': 'x' } } }],
] as const) {
  attack('S-08', `a signature made for ${what} does not hold`, {
    send: signed(changes as Changes),
    expect: refused,
  });
}

attack('S-08', 'a signature of a GET does not hold for a POST', {
  send: signed({ signed: { method: 'GET', body } }),
  expect: refused,
});

attack('S-08', 'a path is known by its route: writing it otherwise makes no signature needless', {
  as: 'user',
  send: { path: '/%67raphql', headers: shop, body },
  expect: refused,
});

for (const [what, change] of [
  ['truncated', (mac: Buffer) => mac.toString('hex').slice(0, 62)],
  ['one digit short', (mac: Buffer) => mac.toString('hex').slice(1)],
  ['longer', (mac: Buffer) => `${mac.toString('hex')}00`],
  ['in upper case', (mac: Buffer) => mac.toString('hex').toUpperCase()],
  ['in base64', (mac: Buffer) => mac.toString('base64')],
  ['with another last digit', (mac: Buffer) => `${mac.toString('hex').slice(0, 63)}g`],
  ['of zeros', () => '0'.repeat(64)],
  ['that is empty', () => ''],
  ['of 8 KB', () => 'a'.repeat(8_192)],
] as const) {
  attack('S-09', `a signature ${what} does not hold`, { send: signed({ mac: change }), expect: refused });
}

for (const [what, header] of [
  ['empty', () => ''],
  ['twice', (signature: string) => [signature, signature]],
  ['with the parts in another order', (signature: string) => signature.split(';').reverse().join(';')],
  ['of another version', (signature: string) => signature.replace('v1', 'v2')],
  ['with a part more', (signature: string) => `${signature};x=1`],
  ['with a nonce that is short', (signature: string) => signature.replace(/n=[^;]*/, 'n=1')],
] as const) {
  attack('S-09', `the header ${what} is no signature`, { send: signed({ header }), expect: refused });
}

attack('S-09', 'a signature that does not hold is refused where none is needed', {
  send: signed({ mac: () => 'f'.repeat(64), sent: { headers: { 'minigate-client-name': 'other' } } }),
  expect: refused,
});

for (const [what, change] of [
  ['of a master key that is not there', (id: string) => id.replace('k2', 'k3')],
  ['of a property of every object', (id: string) => id.replace('k2', 'constructor')],
  ['of another app', (id: string) => id.replace(appId, 'wx00000000000000b2')],
  ['of another session', (id: string) => `${id.slice(0, -4)}AAAA`],
  ['with a part more', (id: string) => `${id}.x`],
  ['with a part less', (id: string) => id.slice(0, id.lastIndexOf('.'))],
] as const) {
  attack('S-10', `a key id ${what} is refused`, {
    send: signed({ by: ({ signingKeyId }) => ({ signingKeyId: change(signingKeyId) }) }),
    expect: refused,
  });
}

attack('S-10', 'the key of another session does not open this one', {
  send: async (world) => {
    const { signingKey, signingKeyId } = await logIn(world, 'admin');
    return signed({ by: { signingKey, signingKeyId } })(world);
  },
  expect: refused,
});

attack('S-10', 'a key without the access token of its session is refused', {
  send: (world) =>
    signed({ signed: { headers: shop }, sent: { headers: { authorization: undefined as never } } })(world),
  expect: refused,
});

attack('S-10', 'the key of a session that has ended opens nothing', {
  send: async (world) => {
    const login = await logIn(world);
    clock.now += 8 * 86_400_000;
    const headers = { ...shop, authorization: `Bearer ${login.accessToken}` };
    const request = { headers, body, timestamp: seconds(), nonce: randomUUID() };
    return { body, headers: { ...headers, 'minigate-signature': signClientRequest(request, login) } };
  },
  expect: { status: 401, code: 'UNAUTHENTICATED', fetches: 0 },
});
