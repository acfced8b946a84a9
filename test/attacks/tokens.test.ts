/** Attacks with access tokens and with headers that pretend to be someone: only a token of ours, now, opens a session. */
import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { expect } from 'vitest';
import { createAttack } from '../support/attack.ts';
import { type AttackWorld, appId, type Send } from '../support/attack-world.ts';

const attack = createAttack({ dev: true });

interface Token {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
}

const now = (): number => Math.floor(Date.now() / 1000);
const encode = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const decode = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(part ?? '', 'base64url').toString());
const bearer = (token: string): Send => ({
  headers: { authorization: `Bearer ${token}` },
  body: { query: '{ me { name } }' },
});
const refused = { status: 401, code: 'UNAUTHENTICATED', fetches: 0 };
const accepted = { status: 200, fetches: 1, data: { me: { name: 'Person o-sim-user' } } };

/** The valid token of a user, taken apart. */
function tokenOf(world: AttackWorld): Token {
  const [header, payload] = world.token('user').split('.');
  return { header: decode(header), payload: decode(payload) };
}

/** With the gateway's own key: the claims alone decide. */
function signed(world: AttackWorld, { header, payload }: { header: object; payload: object | string }): Send {
  const content = `${encode(header)}.${encode(payload)}`;
  const signature = sign(null, Buffer.from(content), createPrivateKey(world.gateway.signingKeyPem));
  return bearer(`${content}.${signature.toString('base64url')}`);
}

const withClaims =
  (change: (claims: Readonly<Record<string, unknown>>) => object) =>
  (world: AttackWorld): Send => {
    const { header, payload } = tokenOf(world);
    return signed(world, { header, payload: { ...payload, ...change(payload) } });
  };

for (const alg of ['none', 'None', 'nOnE', 'NONE']) {
  attack('J-01', `a token with the algorithm ${alg} is refused`, {
    send: (world) => bearer(`${encode({ alg, typ: 'at+jwt' })}.${encode(tokenOf(world).payload)}.`),
    expect: refused,
  });
}

for (const [form, exportKey] of [
  ['PEM', (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'pem' })],
  ['DER', (pem: string) => createPublicKey(pem).export({ type: 'spki', format: 'der' })],
  ['JWK', (pem: string) => JSON.stringify(createPublicKey(pem).export({ format: 'jwk' }))],
] as const) {
  attack('J-02', `a token signed by HS256 with our public key as ${form} is refused`, {
    send: (world) => {
      const content = `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${encode(tokenOf(world).payload)}`;
      const signature = createHmac('sha256', exportKey(world.gateway.signingKeyPem)).update(content);
      return bearer(`${content}.${signature.digest('base64url')}`);
    },
    expect: refused,
  });
}

for (const [what, change] of [
  ['without exp', () => ({ exp: undefined })],
  ['whose exp is text', ({ exp }) => ({ exp: `${exp}` })],
  ['whose exp is 1e308', () => ({ exp: 1e308 })],
  ['whose exp is a day after its iat', ({ iat }) => ({ exp: Number(iat) + 86_400 })],
  ['without iat', () => ({ iat: undefined })],
  ['without sub', () => ({ sub: undefined })],
  ['without a session', () => ({ sid: undefined })],
  ['whose session is no text', () => ({ sid: { $ne: '' } })],
  ['whose nbf is ahead', () => ({ nbf: now() + 3_600 })],
  ['whose iat is an hour ahead', () => ({ iat: now() + 3_600, exp: now() + 3_700 })],
] as readonly [string, Parameters<typeof withClaims>[0]][]) {
  attack('J-04', `a token ${what} is refused`, { send: withClaims(change), expect: refused });
}

for (const [what, aud] of [
  ['wrong', 'another-service'],
  ['missing', undefined],
  ['empty', ''],
  ['an empty list', []],
  ['a list of others', ['another-service', 'a-third']],
  ['a list with ours among others', ['another-service', 'minigate']],
] as const) {
  attack('J-05', `a token whose audience is ${what} is refused`, {
    send: withClaims(() => ({ aud })),
    expect: refused,
  });
}

attack('J-06', 'a token of another issuer is refused, even under our key', {
  send: withClaims(() => ({ iss: 'another-issuer' })),
  expect: refused,
});

attack('J-06', 'a token of another environment is refused, even under a key id of ours', {
  send: (world) => {
    const { header, payload } = tokenOf(world);
    const content = `${encode(header)}.${encode(payload)}`;
    const signature = sign(null, Buffer.from(content), generateKeyPairSync('ed25519').privateKey);
    return bearer(`${content}.${signature.toString('base64url')}`);
  },
  expect: refused,
});

attack('J-06', 'a token that brings its own key is refused', {
  send: (world) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = publicKey.export({ format: 'jwk' });
    const content = `${encode({ ...tokenOf(world).header, jwk, jku: 'https://evil.example/jwks' })}.${encode(tokenOf(world).payload)}`;
    return bearer(`${content}.${sign(null, Buffer.from(content), privateKey).toString('base64url')}`);
  },
  expect: refused,
});

for (const [what, token] of [
  ['encrypted, of five parts', `${encode({ alg: 'dir', enc: 'A256GCM' })}..aaaa.bbbb.cccc`],
  ['of 12 KB', `aaaa.${'b'.repeat(12_000)}.cccc`],
  ['of 5,000 segments', 'a.'.repeat(5_000)],
  ['that is not base64', '!!!!.????.****'],
  ['that is empty', ''],
  ['of three empty parts', '..'],
  ['with a space in it', 'aaaa.bbbb cccc'],
] as const) {
  attack('J-09', `a token ${what} is refused at once`, {
    send: bearer(token),
    expect: refused,
    maxHoldMs: 20,
  });
}

attack('J-09', 'a token of 100 KB does not even get past the headers', {
  send: bearer('a'.repeat(100_000)),
  expect: { status: 431, code: 'HEADERS_TOO_LARGE', fetches: 0 },
});

for (const scheme of ['Basic', 'bearer:', 'Token', 'Bearer  ']) {
  attack('J-09', `a valid token under the scheme "${scheme}" is refused, not taken for no token`, {
    send: (world) => ({ ...bearer(''), headers: { authorization: `${scheme} ${world.token('user')}` } }),
    expect: refused,
  });
}

attack('J-10', 'a token with a critical header that nobody knows is refused', {
  send: (world) => {
    const { header, payload } = tokenOf(world);
    return signed(world, { header: { ...header, crit: ['x'], x: true }, payload });
  },
  expect: refused,
});

attack('J-10', 'of a claim that is there twice, none that differs from the session wins', {
  send: (world) => {
    const { header, payload } = tokenOf(world);
    return signed(world, {
      header,
      payload: JSON.stringify(payload).replace('{', '{"sid":"x","sub":"o-sim-admin",'),
    });
  },
  expect: accepted,
});

attack('J-10', 'a payload with __proto__ and roles gives none of them', {
  send: (world) => {
    const { header, payload } = tokenOf(world);
    const claims = '{"__proto__":{"roles":["ADMIN"],"level":5},"roles":["ADMIN"],"level":5,';
    return {
      ...signed(world, { header, payload: JSON.stringify(payload).replace('{', claims) }),
      body: { query: '{ admin { id } }' },
    };
  },
  expect: { status: 403, code: 'FORBIDDEN', fetches: 0 },
  also: () => expect(({} as { level?: number }).level).toBeUndefined(),
});

attack('J-12', 'a token that expired 20 seconds ago is accepted', {
  send: withClaims(() => ({ iat: now() - 900, exp: now() - 20 })),
  expect: accepted,
});

attack('J-12', 'a token that expired 40 seconds ago is refused', {
  send: withClaims(() => ({ iat: now() - 900, exp: now() - 40 })),
  expect: refused,
});

attack('J-14', 'a session id that the client chooses at login is ignored', {
  send: async (world) => {
    const chosen = 'a-session-that-the-attacker-knows';
    const body = { appId, code: 'simulator:user', sid: chosen, sessionId: chosen };
    const headers = { cookie: `sid=${chosen}`, 'x-session-id': chosen };
    const login = await world.ask({ path: '/auth/wechat/login', headers, body });
    expect(decode(login.json?.accessToken?.split('.')[1]).sid).not.toContain(chosen);
    return withClaims(() => ({ sid: chosen }))(world);
  },
  expect: refused,
});

attack('J-14', 'session ids have 128 random bits and more, and share none', {
  send: async (world) => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const body = { appId, code: 'simulator:user' };
        const login = await world.ask({ path: '/auth/wechat/login', body });
        return String(decode(login.json?.accessToken?.split('.')[1]).sid);
      }),
    );
    const bytes = ids.map((id) => Buffer.from(id, 'base64url'));
    expect(Math.min(...bytes.map((id) => id.length))).toBeGreaterThanOrEqual(16);
    const constant = Array.from({ length: 16 }, (_, at) => new Set(bytes.map((id) => id[at])).size);
    expect(Math.min(...constant)).toBeGreaterThan(1);
    return withClaims(() => ({ sid: Buffer.alloc(24).toString('base64url') }))(world);
  },
  expect: refused,
});
