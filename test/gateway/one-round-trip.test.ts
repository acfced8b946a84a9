/** What a warm request asks Redis leaves at once: it waits for one round trip, whatever has to be checked. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { type Answer, type AttackWorld, startAttackWorld } from '../support/attack-world.ts';
import { logIn, type Tokens } from '../support/gateway-nodes.ts';
import { type HeldRedis, startHeldRedis } from '../support/held-redis.ts';
import { clientId, type OidcStandIn, startOidcIssuer } from '../support/oidc-issuer.ts';
import { describeWith } from '../support/services.ts';
import { type SigningKey, signClientRequest } from '../support/sign-client-request.ts';

const rate = { requests: 1_000_000 };
const me = 'query Me { me { name } }';
const audience = 'https://api.example.com';
const unsignedChecks = ['budget:cost:app', 'budget:cost:principal', 'budget:requests:app'].concat(
  ['budget:requests:newcomer', 'budget:requests:newcomersOfAddress', 'budget:requests:operation'],
  ['sessions'],
);
const allChecks = [...unsignedChecks, 'nonce', 'nonces'].sort();

describeWith('redis', 'a gateway with everything in Redis', (redisUrl) => {
  let redis: HeldRedis;
  let issuer: OidcStandIn;
  let world: AttackWorld;
  let login: Tokens & SigningKey;

  beforeAll(async () => {
    redis = await startHeldRedis(redisUrl);
    issuer = await startOidcIssuer();
    world = await startAttackWorld({
      dev: true,
      operations: { Me: me },
      config: {
        redis: { url: redis.url, keyPrefix: `test:${randomUUID()}:`, commandTimeoutMs: 10_000 },
        session: { encryptionKeys: [randomBytes(32).toString('base64')], recheckMs: 0 },
        oidc: [{ name: 'company', issuer: issuer.issuer, clientId }],
        signing: { audience, keys: [{ id: 'k', secret: 'a master key of 32 characters or more' }] },
        rates: {
          ...{ newcomer: rate, newcomersOfAddress: rate, app: rate },
          operations: { Me: { ...rate, seconds: 60 } },
        },
      },
    });
    login = (await logIn(world, 'o-anna')) as Tokens & SigningKey;
  });
  afterAll(async () => {
    redis?.release();
    await world?.close();
    await redis?.close();
    await issuer?.close();
  });

  function ask(document: object): Promise<Answer> {
    const body = JSON.stringify(document);
    const headers = { authorization: `Bearer ${login.accessToken}` };
    // Of a moment at which Redis was known to keep what is spent.
    const timestamp = Math.floor(Date.now() / 1000) + 5;
    const signature = signClientRequest({ headers, body, timestamp, nonce: randomUUID() }, login);
    return world.ask({
      body,
      headers: { ...headers, 'content-type': 'application/json', 'minigate-signature': signature },
    });
  }

  /** Without what is asked every second, whoever asks. */
  const kinds = (): string[] =>
    redis
      .asked()
      .map((key) => key.replace(/^test:[^:]+:|:\{.*$/g, ''))
      .filter((kind) => kind !== 'bans' && kind !== 'forgets')
      .sort();
  const known = { documentId: documentIdOf(me) };

  /** As a page of the back office does, by the cookie that it was given. */
  async function logInStaff(): Promise<(document: object) => Promise<Answer>> {
    const body = { issuer: 'company', idToken: issuer.idToken() };
    const { headers, json } = await world.ask({ path: '/auth/oidc/session', body });
    const [cookie = ''] = `${headers['set-cookie']}`.split(';');
    const { csrfToken } = json as unknown as { csrfToken: string };
    return (document) => world.ask({ body: document, headers: { cookie, 'minigate-csrf': csrfToken } });
  }

  /** Holds every answer back until all that is asked for has been asked for. */
  async function askHeld(send: () => Promise<Answer>, checks: readonly string[]): Promise<object> {
    const fetches = world.fetches();
    redis.hold();
    const answer = send();
    await vi.waitFor(() => expect(kinds()).toEqual(checks), 5_000);
    const early = world.fetches() - fetches;
    redis.release();
    const { json } = await answer;
    return { json, early, fetches: world.fetches() - fetches, asked: kinds() };
  }

  test('a warm request asks for everything before the first answer is there, and for nothing after it', async () => {
    expect(await ask(known)).toMatchObject({ status: 200 });
    expect(await askHeld(() => ask(known), allChecks)).toEqual({
      json: { data: { me: { name: 'Person o-anna' } } },
      ...{ early: 0, fetches: 1, asked: allChecks },
    });
  });

  test('so does a warm request of staff, by their cookie', async () => {
    const askAsStaff = await logInStaff();
    expect(await askAsStaff(known)).toMatchObject({ status: 200 });
    expect(await askHeld(() => askAsStaff(known), unsignedChecks)).toEqual({
      json: { data: { me: { name: 'Person oidc:company:staff-7' } } },
      ...{ early: 0, fetches: 1, asked: unsignedChecks },
    });
  });

  test('nothing is sent to a subgraph, and no unknown document parsed, before the answers are there', async () => {
    redis.hold();
    const fetches = world.fetches();
    const [answer, unknown] = [ask(known), ask({ query: '{ me { nothing } ' })];
    const nonces = (): string[] => kinds().filter((kind) => kind === 'nonce');
    await vi.waitFor(() => expect(nonces()).toHaveLength(2), 5_000);
    const first = await Promise.race([unknown, answer, setImmediate('none')]);
    redis.release();
    expect({ first, fetches: world.fetches() - fetches }).toEqual({ first: 'none', fetches: 0 });
    expect([(await answer).status, (await unknown).status]).toEqual([200, 400]);
  });
});
