/** A gateway is killed with something of a person still to be deleted: the next one has it deleted. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createWechatSimulator, type WechatSimulator } from '../../wechat-simulator/simulator.ts';
import { attackGraph } from '../support/attack-graph.ts';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.ts';
import { secretWatch } from '../support/known-secrets.ts';
import { answering } from '../support/misbehaviours.ts';
import { describeWith } from '../support/services.ts';
import { secretsOf } from '../support/settings-secrets.ts';
import { testInternalKey } from '../support/test-gateway.ts';
import { startTestSubgraph, type TestSubgraph } from '../support/test-subgraph.ts';
import { askDevice } from '../support/wechat-device.ts';

const appId = 'wx00000000000000a1';
const push = { token: 'pushtoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };

describeWith('redis', 'gateways with a Redis', (url) => {
  const running: GatewayProcess[] = [];
  let simulator: WechatSimulator;
  let subgraphs: readonly TestSubgraph[];
  let users: TestSubgraph;
  let folder: string;
  beforeAll(async () => {
    simulator = await createWechatSimulator({
      ...{ host: '127.0.0.1', port: 0, apps: { [appId]: 'simulator-secret' }, now: Date.now },
    });
    subgraphs = await Promise.all(attackGraph.map(startTestSubgraph));
    users = subgraphs.find(({ name }) => name === 'users') as TestSubgraph;
    folder = await mkdtemp(join(tmpdir(), 'minigate-forget-'));
    const settings = {
      internalKey: testInternalKey,
      redis: { url, keyPrefix: `test:${randomUUID()}:`, commandTimeoutMs: 2_000 },
      session: { encryptionKeys: [randomBytes(32).toString('base64')] },
      wechat: {
        ...{ baseUrl: simulator.url, userSubgraph: 'users' },
        apps: { [appId]: { secret: 'simulator-secret', push } },
      },
    };
    secretWatch.learn('setting', ...secretsOf(settings));
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  });
  afterAll(async () => {
    for (const gateway of running) gateway.process.kill('SIGKILL');
    await Promise.all([simulator.close(), ...subgraphs.map((subgraph) => subgraph.close())]);
    await rm(folder, { recursive: true });
  });

  const start = async (): Promise<GatewayProcess> => {
    const gateway = await startGatewayProcess(subgraphs, ['--config', join(folder, 'settings.json')]);
    running.push(gateway);
    return gateway;
  };
  const outcomes = (gateway: GatewayProcess): unknown[] =>
    gateway.log().flatMap(({ outcome, openid }) => (openid === 'o-anna' ? [outcome] : []));

  test('what WeChat told the killed one is deleted by the next', async () => {
    const first = await start();
    users.misbehave(answering('', 503));
    const message = {
      ...{ ToUserName: 'gh_1', FromUserName: 'o-platform', CreateTime: Math.floor(Date.now() / 1000) },
      ...{ MsgType: 'event', Event: 'user_authorization_cancellation', OpenID: 'o-anna', AppID: appId },
    };
    const told = await askDevice(simulator.url, 'push', {
      ...{ url: `${first.url}/wx/message`, appId, ...push, message },
    });
    expect(told).toMatchObject({ status: 503 });
    first.process.kill('SIGKILL');
    await first.ended;

    users.misbehave(answering({ data: { forgetWechatIdentity: true } }));
    const next = await start();
    await vi.waitFor(() => expect(outcomes(next)).toEqual(['done']), { timeout: 20_000 });
  });
});
