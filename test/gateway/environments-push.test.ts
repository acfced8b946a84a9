import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentIdOf } from '../../gateway/persisted/safelist.ts';
import { createWechatSimulator, type WechatSimulator } from '../../wechat-simulator/simulator.ts';
import { type DeliveredGateway, startDeliveredGateway } from '../support/delivered-gateway.ts';
import {
  appId,
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
import { askDevice } from '../support/wechat-device.ts';

const push = { token: 'pushtoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
const environments = ['dev', 'release'];
let simulator: WechatSimulator;
let subgraphs: TestSubgraph[];
let registry: StandInRegistry;
let gateway: DeliveredGateway;

beforeAll(async () => {
  const secret = 'simulator-secret';
  simulator = await createWechatSimulator({
    ...{ host: '127.0.0.1', port: 0, apps: { [appId]: secret }, now: Date.now },
  });
  subgraphs = await Promise.all(environments.map((place) => startTestSubgraph(toPersonGraph(place))));
  registry = await startStandInRegistry();
  for (const [index, name] of environments.entries())
    await registry.of(name).publish(toPeople(subgraphs[index]?.url ?? ''));
  const { wechat, ...config } = personConfig();
  gateway = await startDeliveredGateway(registry, {
    config: {
      ...{ ...config, policy: undefined, dev: true },
      wechat: { ...wechat, baseUrl: simulator.url, apps: { [appId]: { secret, push } } },
      environments: environments.map((name) => ({ name, envVersions: [name] })),
    },
  });
});
afterAll(async () => {
  await gateway?.close();
  await Promise.all([registry.close(), simulator.close(), ...subgraphs.map((each) => each.close())]);
});

test('what WeChat tells of a person ends their sessions and is forgotten in every environment', async () => {
  const tokens = await Promise.all(
    environments.map((env) =>
      post<PersonTokens>(
        `${gateway.url}/auth/wechat/login`,
        {},
        { 'minigate-env': env, ...identityHeaders('o-1') },
      ),
    ),
  );
  const ask = (index: number) =>
    post(
      `${gateway.url}/graphql`,
      { documentId: documentIdOf(me) },
      {
        'minigate-env': environments[index] ?? '',
        authorization: `Bearer ${(tokens[index] as PersonTokens).accessToken}`,
      },
    );
  expect([await ask(0), await ask(1)]).toEqual([
    { data: { me: 'o-1 in dev' } },
    { data: { me: 'o-1 in release' } },
  ]);
  const message = {
    ...{ ToUserName: 'gh_1', FromUserName: 'o-platform', CreateTime: Math.floor(Date.now() / 1000) },
    ...{ MsgType: 'event', Event: 'user_authorization_cancellation', OpenID: 'o-1', AppID: appId },
  };
  const request = { url: `${gateway.url}/wx/message`, appId, ...push, message };
  expect(await askDevice(simulator.url, 'push', request)).toMatchObject({ status: 200 });
  expect([await ask(0), await ask(1)]).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);
  const forgotten = subgraphs.map(({ received }) =>
    received.some(({ body }) => body.includes('forgetWechatIdentity')),
  );
  expect(forgotten).toEqual([true, true]);
});
