/** Attacks by way of the cookie of staff: another page can make a browser send it, but not the header beside it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { askAdmin } from '../support/gateway-nodes.ts';
import { clientId, type OidcStandIn, startOidcIssuer } from '../support/oidc-issuer.ts';

const path = '/auth/oidc/session';
const clock = { aheadMs: 0 };
let issuer: OidcStandIn;
let world: AttackWorld;

beforeAll(async () => {
  issuer = await startOidcIssuer();
  world = await startAttackWorld({
    dev: true,
    now: () => Date.now() + clock.aheadMs,
    config: {
      oidc: [{ name: 'company', issuer: issuer.issuer, clientId, roles: { 'shop-admins': 'ADMIN' } }],
      rates: { refresh: { session: { requests: 3, seconds: 3_600 } } },
    },
  });
});
afterAll(async () => {
  await world.close();
  await issuer.close();
});

interface Page {
  readonly cookie: string;
  readonly csrfToken: string;
}

async function logIn(): Promise<Page & { readonly setCookie: string }> {
  const answer = await world.ask({ path, body: { issuer: 'company', idToken: issuer.idToken() } });
  const setCookie = answer.headers['set-cookie'] ?? '';
  const { csrfToken } = answer.json as unknown as Page;
  return { setCookie, cookie: setCookie.split(';')[0] ?? '', csrfToken };
}

async function ask(headers: Record<string, string>, send: object = {}): Promise<string> {
  const answer = await world.ask({ body: { query: '{ admin { id } }' }, headers, ...send });
  return [answer.status, answer.json?.errors?.[0]?.extensions?.code].filter(Boolean).join(' ');
}

const guests = '401 UNAUTHENTICATED';

test('H-19 the cookie of staff counts with its header alone, and browsers keep it to themselves', async () => {
  const { setCookie, cookie, csrfToken } = await logIn();
  expect(setCookie).toMatch(
    /^__Host-minigate=[\w.-]+; Max-Age=3600; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
  );
  expect(await ask({ cookie, 'minigate-csrf': csrfToken })).toBe('200');
  expect(await ask({ cookie })).toBe(guests);
  expect(await ask({ cookie }, { body: { query: '{ docs { id } }' } })).toBe('200');
  expect(await ask({ 'minigate-csrf': csrfToken })).toBe(guests);
});

test.each<[string, (own: Page, other: Page) => Record<string, string>]>([
  ['a header that is made up', ({ cookie }) => ({ cookie, 'minigate-csrf': 'A'.repeat(43) })],
  ['the header of another page', ({ cookie }, { csrfToken }) => ({ cookie, 'minigate-csrf': csrfToken })],
  [
    'a second cookie beside it',
    (own, other) => ({
      cookie: `${own.cookie}; ${other.cookie}`,
      'minigate-csrf': own.csrfToken,
    }),
  ],
  [
    'another user in it',
    ({ cookie, csrfToken }) => ({
      cookie: cookie.replace(/=[\w-]+/, `=${Buffer.from('o-sim-admin').toString('base64url')}`),
      'minigate-csrf': csrfToken,
    }),
  ],
])('H-19 a cookie of staff with %s opens nothing', async (_, change) => {
  expect(await ask(change(await logIn(), await logIn()))).toBe(guests);
});

test('H-19 a refresh token is no cookie of staff, and the cookie no refresh token', async () => {
  const { cookie } = await logIn();
  const login = await world.ask({
    path: '/auth/oidc/login',
    body: { issuer: 'company', idToken: issuer.idToken() },
  });
  const { refreshToken } = login.json as unknown as { refreshToken: string };
  const posed = await world.ask({
    method: 'GET',
    path,
    headers: { cookie: `__Host-minigate=${refreshToken}` },
  });
  expect(posed.status).toBe(401);
  const refreshed = await world.ask({ path: '/auth/refresh', body: { refreshToken: cookie.split('=')[1] } });
  expect(refreshed.status).toBe(401);
});

test('H-19 a GET with the cookie is a guest’s', async () => {
  const { cookie, csrfToken } = await logIn();
  const search = new URLSearchParams({ query: '{ admin { id } }' });
  const headers = { cookie, 'minigate-csrf': csrfToken, 'minigate-client-name': 'page' };
  expect(await ask(headers, { method: 'GET', path: `/graphql?${search}`, body: undefined })).toBe(guests);
});

test('a page that is loaded anew learns its token; one that logs out is out, and its cookie gone', async () => {
  const { cookie, csrfToken } = await logIn();
  const again = await world.ask({ method: 'GET', path, headers: { cookie } });
  expect(again.json).toEqual({ csrfToken, user: { id: 'oidc:company:staff-7', roles: ['ADMIN'] } });

  expect((await world.ask({ method: 'DELETE', path, headers: { cookie } })).status).toBe(401);
  const out = await world.ask({ method: 'DELETE', path, headers: { cookie, 'minigate-csrf': csrfToken } });
  expect([out.status, out.headers['set-cookie']]).toEqual([204, expect.stringContaining('=; Max-Age=0;')]);
  expect(await ask({ cookie, 'minigate-csrf': csrfToken })).toBe(guests);
});

test('X-06 each attempt to learn whose cookie it is, or to log out, counts for its session', async () => {
  const { cookie } = await logIn();
  const other = await logIn();
  const attempts = (method: string, of: string) =>
    Promise.all([1, 2, 3, 4].map(() => ask({ cookie: of }, { method, path, body: undefined })));
  expect((await attempts('GET', cookie)).sort()).toEqual(['200', '200', '200', '429 RATE_LIMITED']);
  expect((await attempts('DELETE', cookie)).sort()).toEqual([guests, guests, guests, '429 RATE_LIMITED']);
  expect((await attempts('GET', other.cookie)).sort()).toEqual(['200', '200', '200', '429 RATE_LIMITED']);
});

test('H-19 the security log names the staff whose cookie came with a wrong header, and logins are counted', async () => {
  const { cookie } = await logIn();
  expect(await ask({ cookie, 'minigate-csrf': 'A'.repeat(43) })).toBe(guests);
  const { json } = await askAdmin(world, 'GET', '/admin/security-log');
  expect((json as { records: object[] }).records).toContainEqual(
    expect.objectContaining({ event: 'AUTHENTICATION_FAILED', userId: 'oidc:company:staff-7' }),
  );
  const metrics = await (await fetch(`${world.gateway.adminUrl}/metrics`)).text();
  expect(metrics).toMatch(/minigate_logins_total\{code="OK"\} [1-9]/);
});

test('J-17 the cookie lasts for an hour after the word of the issuer, and not through a ban', async () => {
  const { cookie, csrfToken } = await logIn();
  const page = { cookie, 'minigate-csrf': csrfToken };
  clock.aheadMs = 3_700_000;
  expect(await ask(page)).toBe(guests);
  clock.aheadMs = 0;
  await askAdmin(world, 'POST', '/admin/bans', { userId: 'oidc:company:staff-7', reason: 'left' });
  expect(await ask(page)).toBe('403 BANNED');
});
