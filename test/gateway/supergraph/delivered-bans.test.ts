import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../../gateway/persisted/safelist.ts';
import { type DeliveredGateway, startDeliveredGateway } from '../../support/delivered-gateway.ts';
import { clientId, type OidcStandIn, startOidcIssuer } from '../../support/oidc-issuer.ts';
import {
  identityHeaders,
  me,
  otherAppId,
  type PersonTokens,
  personConfig,
  post,
  toPeople,
  toPersonGraph,
} from '../../support/person-graph.ts';
import { type StandInRegistry, startStandInRegistry } from '../../support/stand-in-registry.ts';
import { startTestSubgraph, type TestSubgraph } from '../../support/test-subgraph.ts';

const clock = { ms: Date.parse('2026-11-24T08:00:00Z') };
let subgraph: TestSubgraph;
let registry: StandInRegistry;
let issuer: OidcStandIn;
let gateway: DeliveredGateway;

beforeAll(async () => {
  subgraph = await startTestSubgraph(toPersonGraph('release'));
  [registry, issuer] = await Promise.all([startStandInRegistry(), startOidcIssuer()]);
  await registry.publish(toPeople(subgraph.url));
  gateway = await startDeliveredGateway(registry, {
    config: {
      ...{ ...personConfig(), policy: undefined, dev: true },
      oidc: [{ name: 'company', issuer: issuer.issuer, clientId }],
    },
    now: () => clock.ms,
  });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([registry.close(), subgraph.close(), issuer.close()]);
});

const logIn = (openid: string, of?: string) =>
  post<PersonTokens>(`${gateway.url}/auth/wechat/login`, {}, identityHeaders(openid, of));
const refresh = ({ refreshToken }: PersonTokens) => post(`${gateway.url}/auth/refresh`, { refreshToken });
const ask = ({ accessToken }: PersonTokens) =>
  post(
    `${gateway.url}/graphql`,
    { documentId: documentIdOf(me) },
    { authorization: `Bearer ${accessToken}` },
  );
const answerTo = (userId: string) => ({ data: { me: `${userId} in release` } });

test('a published ban of a user ends what sessions may do, in addition to the gateway’s own, until it ends', async () => {
  const banned = (await logIn('u-banned')) as PersonTokens;
  const other = (await logIn('u-other')) as PersonTokens;
  expect([await ask(banned), await ask(other)]).toEqual([answerTo('u-banned'), answerTo('u-other')]);
  await post(`${gateway.adminUrl}/admin/bans`, { userId: 'u-of-the-gateway', reason: 'fraud' });
  const endsAt = new Date(clock.ms + 60_000).toISOString();
  await registry.publish({ ...toPeople(subgraph.url), bans: [{ userId: 'u-banned', endsAt }] });
  await expect.poll(() => ask(banned), { timeout: 5_000 }).toBe('BANNED');
  expect([await refresh(banned), await logIn('u-banned'), await logIn('u-of-the-gateway')]).toEqual([
    ...['BANNED', 'BANNED', 'BANNED'],
  ]);
  expect(await ask(other)).toEqual(answerTo('u-other'));
  clock.ms += 60_000;
  expect(await ask(banned)).toEqual(answerTo('u-banned'));
});

test('a published ban of a mini-program is one of all who logged in with it', async () => {
  const here = (await logIn('u-here')) as PersonTokens;
  const there = (await logIn('u-there', otherAppId)) as PersonTokens;
  expect([await ask(here), await ask(there)]).toEqual([answerTo('u-here'), answerTo('u-there')]);
  await registry.publish({ ...toPeople(subgraph.url), bans: [{ appId: otherAppId }] });
  await expect.poll(() => ask(there), { timeout: 5_000 }).toBe('BANNED');
  expect([await refresh(there), await logIn('u-there', otherAppId)]).toEqual(['BANNED', 'BANNED']);
  expect([await ask(here), typeof (await refresh(here))]).toEqual([answerTo('u-here'), 'object']);
});

test('a published ban of an issuer is one of all staff that it logs in, by token or cookie', async () => {
  const path = `${gateway.url}/auth/oidc`;
  const seconds = clock.ms / 1000;
  const body = { issuer: 'company', idToken: issuer.idToken({ iat: seconds, exp: seconds + 300 }) };
  const page = await fetch(`${path}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const [cookie = ''] = page.headers.get('set-cookie')?.split(';') ?? [];
  const statusOfPage = async (): Promise<number> =>
    (await fetch(`${path}/session`, { headers: { cookie } })).status;
  expect([page.status, await statusOfPage(), typeof (await post(`${path}/login`, body))]).toEqual([
    ...[200, 200, 'object'],
  ]);
  await registry.publish({ ...toPeople(subgraph.url), bans: [{ appId: 'company' }] });
  await expect.poll(statusOfPage, { timeout: 5_000 }).toBe(403);
  expect([await post(`${path}/login`, body), await post(`${path}/session`, body)]).toEqual([
    ...['BANNED', 'BANNED'],
  ]);
});
