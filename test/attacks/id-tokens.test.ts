/** Attacks on the login of staff: only a fresh ID token of a listed issuer, made for this gateway, opens a session. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../gateway/config.ts';
import { type AttackWorld, appId, startAttackWorld } from '../support/attack-world.ts';
import { askAdmin, askAs, refresh, type Tokens } from '../support/gateway-nodes.ts';
import { clientId, type OidcStandIn, startOidcIssuer } from '../support/oidc-issuer.ts';

const clock = { aheadMs: 0 };
let issuer: OidcStandIn;
let stranger: OidcStandIn;
let world: AttackWorld;

beforeAll(async () => {
  [issuer, stranger] = await Promise.all([startOidcIssuer(), startOidcIssuer()]);
  issuer.extraKeys = [
    { kty: 'OKP', crv: 'Ed1', kid: 'unknown-curve', x: 'AAAA' },
    { kty: 'quantum', kid: 'unknown-type', alg: 'Q512' },
    { kty: 'EC', crv: 'P-256', kid: 'no-algorithm', x: 'AAAA', y: 'AAAA' },
    { kty: 'oct', kid: 'secret', k: 'AAAA', alg: 'HS256' },
  ];
  world = await startAttackWorld({
    dev: true,
    now: () => Date.now() + clock.aheadMs,
    config: {
      oidc: [{ name: 'company', issuer: issuer.issuer, clientId, roles: { 'shop-admins': 'ADMIN' } }],
    },
  });
});
afterAll(async () => {
  await world.close();
  await Promise.all([issuer.close(), stranger.close()]);
});

const logIn = (idToken: unknown, by = 'company') =>
  world.ask({ path: '/auth/oidc/login', body: { issuer: by, idToken } });
const admin = { body: { query: '{ admin { id } }' } };

test('J-08 a key set with keys of unknown kinds, or of none, works by the keys that can be used', async () => {
  const { status, json } = await logIn(issuer.idToken());
  expect(status).toBe(200);
  expect(json).toMatchObject({ tokenType: 'Bearer', user: { id: 'oidc:company:staff-7', roles: ['ADMIN'] } });
  expect(await askAs(world, json as unknown as Tokens, admin)).toBe('200');
});

test.each<[string, () => unknown]>([
  ['of an issuer that is not listed', () => stranger.idToken()],
  ['of a stranger in our issuer’s name', () => stranger.idToken({ iss: issuer.issuer })],
  ['for another client', () => issuer.idToken({ aud: 'another' })],
  [
    'for several clients, made for another',
    () => issuer.idToken({ aud: [clientId, 'another'], azp: 'another' }),
  ],
  ['for several clients, made for nobody knows whom', () => issuer.idToken({ aud: [clientId, 'another'] })],
  ['without an end', () => issuer.idToken({ exp: undefined })],
  ['without a time of issue', () => issuer.idToken({ iat: undefined })],
  ['without a subject', () => issuer.idToken({ sub: undefined })],
  ['that is an hour old', () => issuer.idToken({ iat: Math.floor(Date.now() / 1000) - 3_600 })],
  ['without a signature', () => issuer.idToken({}, { alg: 'none' })],
  ['signed by a shared secret', () => issuer.idToken({}, { alg: 'HS256', kid: 'secret' })],
  ['under a key that cannot be used', () => issuer.idToken({}, { kid: 'no-algorithm' })],
  [
    'that brings its own key',
    () => stranger.idToken({ iss: issuer.issuer }, { jku: `${stranger.issuer}/keys` }),
  ],
  ['that is an access token of ours', () => world.token('admin')],
])('J-06 an ID token %s logs nobody in', async (_, createToken) => {
  const answer = await logIn(createToken());
  expect([answer.status, answer.json?.errors?.[0]?.extensions?.code]).toEqual([401, 'UNAUTHENTICATED']);
});

test('J-05 an issuer for whose tokens no client is named stops the start', () => {
  const issuers = { dev: true, supergraph: 'a', oidc: [{ name: 'a', issuer: issuer.issuer, clientId: '' }] };
  expect(() => parseConfig(issuers)).toThrow('oidc.0.clientId');
});

test.each([
  ['two issuers of one name', ['company', 'company']],
  ['an issuer that is called as a mini-program is', ['company', appId]],
])('J-06 %s, who could log in each other’s people, stop the start', (_, names) => {
  const oidc = names.map((name) => ({ name, issuer: issuer.issuer, clientId }));
  const config = {
    dev: true,
    supergraph: 'a',
    internalKey: 'k'.repeat(32),
    wechat: { apps: { [appId]: 's' } },
  };
  expect(() => parseConfig({ ...config, oidc: oidc.slice(0, 1) })).not.toThrow();
  expect(() => parseConfig({ ...config, oidc })).toThrow('oidc: ');
});

test.each([['__proto__'], ['constructor'], ['other']])('J-06 no issuer is called %s', async (name) => {
  expect((await logIn(issuer.idToken(), name)).status).toBe(401);
});

test('J-17 groups that are not mapped, or no list, give no role', async () => {
  for (const groups of [['ADMIN', '__proto__', 'constructor', 7], 'shop-admins', undefined]) {
    const { json } = await logIn(issuer.idToken({ groups }));
    expect(json).toMatchObject({ user: { roles: [] } });
    expect(await askAs(world, json as unknown as Tokens, admin)).toBe('403 FORBIDDEN');
  }
});

test('J-17 the issuer has to say anew who somebody is, once that is an hour old; a ban holds for staff too', async () => {
  const { refreshToken } = (await logIn(issuer.idToken())).json as unknown as Tokens;
  clock.aheadMs = 3_000_000;
  const renewed = (await refresh(world, refreshToken)).json as unknown as Tokens;
  expect(renewed).toMatchObject({ user: { roles: ['ADMIN'] } });
  clock.aheadMs = 3_700_000;
  expect((await refresh(world, renewed.refreshToken)).status).toBe(401);
  clock.aheadMs = 0;

  await askAdmin(world, 'POST', '/admin/bans', { userId: 'oidc:company:staff-7', reason: 'left' });
  expect((await logIn(issuer.idToken())).status).toBe(403);
  await askAdmin(world, 'DELETE', '/admin/bans/oidc:company:staff-7');
});
