/** Sessions of one environment are nothing in another, though its users have the same ids. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { type DeliveredGateway, startDeliveredGateway } from '../support/delivered-gateway.ts';
import {
  identityHeaders,
  me,
  type PersonTokens,
  personConfig,
  post,
  toPeople,
  toPersonGraph,
} from '../support/person-graph.ts';
import { type StandInRegistry, startStandInRegistry } from '../support/stand-in-registry.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';

type Env = 'develop' | 'release';
let subgraphs: Record<Env, TestSubgraph>;
let registry: StandInRegistry;
let gateway: DeliveredGateway;

beforeAll(async () => {
  const [develop, release] = await Promise.all(
    ['dev', 'release'].map((place) => startTestSubgraph(toPersonGraph(place))),
  );
  subgraphs = { develop, release } as Record<Env, TestSubgraph>;
  registry = await startStandInRegistry();
  await registry.publish(toPeople(subgraphs.release.url));
  await registry.of('dev').publish(toPeople(subgraphs.develop.url));
  gateway = await startDeliveredGateway(registry, {
    config: {
      ...{ ...personConfig(), policy: undefined, dev: true },
      environments: [
        { name: 'release', envVersions: ['release'], default: true },
        { name: 'dev', envVersions: ['develop'] },
      ],
    },
  });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([registry.close(), subgraphs.develop.close(), subgraphs.release.close()]);
});

const call = <Answer = unknown>(env: Env, path: string, body: object, headers = {}) =>
  post<Answer>(`${gateway.url}${path}`, body, { 'minigate-env': env, ...headers });
const logIn = (env: Env, openid: string) =>
  call<PersonTokens>(env, '/auth/wechat/login', {}, identityHeaders(openid)) as Promise<PersonTokens>;
const ask = (env: Env, { accessToken }: PersonTokens) =>
  call(env, '/graphql', { documentId: documentIdOf(me) }, { authorization: `Bearer ${accessToken}` });
const refresh = (env: Env, { refreshToken }: PersonTokens) => call(env, '/auth/refresh', { refreshToken });
const answerIn = (place: string) => ({ data: { me: `u-1 in ${place}` } });

test('a person logs in with the user service of the environment, and is asked for by the plain user id', async () => {
  const [here, there] = [await logIn('release', 'u-1'), await logIn('develop', 'u-1')];
  expect([here.user.id, there.user.id]).toEqual(['u-1', 'u-1']);
  expect([await ask('release', here), await ask('develop', there)]).toEqual([
    answerIn('release'),
    answerIn('dev'),
  ]);
});

test('a session of one environment neither asks nor refreshes in another, and goes on in its own', async () => {
  const tokens = await logIn('develop', 'u-1');
  const sent = subgraphs.release.received.length;
  expect([await ask('release', tokens), await refresh('release', tokens)]).toEqual([
    ...['UNAUTHENTICATED', 'UNAUTHENTICATED'],
  ]);
  expect(subgraphs.release.received).toHaveLength(sent);
  expect([await ask('develop', tokens), typeof (await refresh('develop', tokens))]).toEqual([
    ...[answerIn('dev'), 'object'],
  ]);
});

test('logging out everywhere in one environment ends nobody’s session in another', async () => {
  const [here, there] = [await logIn('release', 'u-1'), await logIn('develop', 'u-1')];
  const authorization = `Bearer ${there.accessToken}`;
  const { status } = await fetch(`${gateway.url}/auth/logout-everywhere`, {
    ...{ method: 'POST', body: '{}' },
    headers: { 'content-type': 'application/json', 'minigate-env': 'develop', authorization },
  });
  expect(status).toBe(204);
  expect([await ask('develop', there), await ask('release', here)]).toEqual([
    ...['UNAUTHENTICATED', answerIn('release')],
  ]);
});

test('a ban is one of a user of one environment, whether an operator set it or a bundle carries it', async () => {
  const [here, there] = [await logIn('release', 'u-1'), await logIn('develop', 'u-1')];
  await post(`${gateway.adminUrl}/admin/bans`, { userId: 'dev/u-1', reason: 'fraud' });
  expect([await ask('develop', there), await ask('release', here)]).toEqual(['BANNED', answerIn('release')]);
  await fetch(`${gateway.adminUrl}/admin/bans/dev%2Fu-1`, { method: 'DELETE' });
  const bans = [{ userId: 'u-1' }, { address: '198.51.100.1' }];
  await registry.publish({ ...toPeople(subgraphs.release.url), bans });
  await expect.poll(() => ask('release', here), { timeout: 5_000 }).toBe('BANNED');
  expect(await ask('develop', there)).toEqual(answerIn('dev'));
  const shown = await (await fetch(`${gateway.adminUrl}/admin/bans`)).json();
  expect(shown).toEqual({ bans: [], published: bans.map((ban) => ({ environment: 'release', ...ban })) });
});
