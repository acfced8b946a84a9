/** Faults of an issuer elsewhere: its keys are kept for a day, and it is not asked over and over. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createOidcLogin } from '../../gateway/identity/oidc-login.ts';
import { type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { askAdmin } from '../support/gateway-nodes.ts';
import { clientId, type OidcStandIn, startOidcIssuer } from '../support/oidc-issuer.ts';

const minute = 60_000;
const hour = 60 * minute;
const running: { close(): Promise<void> }[] = [];
let issuer: OidcStandIn;

beforeEach(async () => {
  issuer = await startOidcIssuer();
  running.push(issuer);
});
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.close();
});

function startLogin() {
  const clock = { ms: 0 };
  const failures: string[] = [];
  const login = createOidcLogin({
    issuers: [{ name: 'company', issuer: issuer.issuer, clientId, rolesClaim: 'groups', roles: {} }],
    ...{ now: Date.now, elapsed: () => clock.ms, onFailed: (name) => failures.push(name) },
  });
  running.push(login);
  const outcome = () =>
    login.verify({ issuer: 'company', idToken: issuer.idToken() }).then(
      ({ openid }) => openid,
      (error: { code: string }) => error.code,
    );
  return { clock, failures, login, outcome };
}

test('B-57 keys that are known serve while the issuer is away, for 24 hours, and each attempt is told of', async () => {
  const { clock, failures, outcome } = startLogin();
  expect(await outcome()).toBe('staff-7');
  issuer.isAway = true;

  clock.ms = 9 * minute;
  expect([await outcome(), failures]).toEqual(['staff-7', []]);
  clock.ms = 11 * minute;
  expect([await outcome(), failures]).toEqual(['staff-7', ['company']]);
  clock.ms = 24 * hour;
  expect(await outcome()).toBe('staff-7');
  clock.ms = 24 * hour + minute;
  expect(await outcome()).toBe('LOGIN_UNAVAILABLE');

  issuer.isAway = false;
  clock.ms += minute;
  expect(await outcome()).toBe('staff-7');
});

test('B-57 an issuer that is away is tried every 30 seconds, and nobody waits in between', async () => {
  const { clock, failures, login, outcome } = startLogin();
  issuer.isAway = true;
  expect(await Promise.all(Array.from({ length: 20 }, outcome))).toEqual(Array(20).fill('LOGIN_UNAVAILABLE'));
  clock.ms = 29_999;
  expect([await outcome(), failures, login.isReady()]).toEqual(['LOGIN_UNAVAILABLE', ['company'], false]);

  issuer.isAway = false;
  expect(await outcome()).toBe('LOGIN_UNAVAILABLE');
  clock.ms = 30_000;
  expect([await outcome(), login.isReady()]).toEqual(['staff-7', true]);
});

test('B-57 a new key is fetched when it is met, and made-up key ids cause no more requests', async () => {
  const { clock, login, outcome } = startLogin();
  expect(await outcome()).toBe('staff-7');
  issuer.rotate();
  clock.ms = 30_000;
  expect([await outcome(), issuer.keyRequests()]).toEqual(['staff-7', 2]);

  const madeUp = Array.from({ length: 200 }, (_, i) =>
    login
      .verify({ issuer: 'company', idToken: issuer.idToken({}, { kid: `made-up-${i}` }) })
      .catch((error: { code: string }) => error.code),
  );
  expect(new Set(await Promise.all(madeUp))).toEqual(new Set(['UNAUTHENTICATED']));
  expect(issuer.keyRequests()).toBe(2);
});

test('B-57 with an issuer away at the start the gateway serves others and is not ready', async () => {
  issuer.isAway = true;
  const world: AttackWorld = await startAttackWorld({
    dev: true,
    config: { oidc: [{ name: 'company', issuer: issuer.issuer, clientId }] },
  });
  running.push(world);
  expect((await askAdmin(world, 'GET', '/health/ready')).status).toBe(503);
  expect((await world.askCanary()).status).toBe(200);
});
