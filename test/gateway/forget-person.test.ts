/** WeChat tells the gateway, the gateway tells the user subgraph, and the row is gone: over HTTP, with a real database. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type DatabaseServer, openDatabase } from '../../subgraphs/shared/database.ts';
import type { RunningSubgraph } from '../../subgraphs/shared/subgraph-server.ts';
import { createUserSubgraph } from '../../subgraphs/user/subgraph.ts';
import { createWechatSimulator, type WechatSimulator } from '../../wechat-simulator/simulator.ts';
import { startTestGateway, type TestGateway, testInternalKey } from '../support/test-gateway.ts';
import { askDevice } from '../support/wechat-device.ts';

const appId = 'wx00000000000000a1';
const push = { token: 'pushtoken', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
let simulator: WechatSimulator;
let database: DatabaseServer;
let users: RunningSubgraph;
let gateway: TestGateway;

const startUsers = (port: number): Promise<RunningSubgraph> =>
  createUserSubgraph({ database, internalKey: testInternalKey, host: '127.0.0.1', port, now: Date.now });

beforeAll(async () => {
  simulator = await createWechatSimulator({
    ...{ host: '127.0.0.1', port: 0, apps: { [appId]: 'simulator-secret' }, now: Date.now },
  });
  database = await openDatabase({});
  users = await startUsers(0);
  gateway = await startTestGateway({
    subgraphs: [{ name: 'user', url: users.url, sdl: readFileSync('subgraphs/user/schema.graphql', 'utf8') }],
    config: {
      dev: true,
      wechat: { baseUrl: simulator.url, apps: { [appId]: { secret: 'simulator-secret', push } } },
    },
  });
});
afterAll(async () => {
  await gateway.close();
  await users.close();
  await database.close();
  await simulator.close();
});

interface Posted {
  readonly accessToken: string;
  readonly user: { readonly id: string };
  readonly data?: { readonly me?: unknown };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function post(path: string, body: object, accessToken?: string): Promise<Posted> {
  const authorization = accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Posted;
}

async function logIn(openid: string): Promise<Posted> {
  const { code } = await askDevice<{ code: string }>(simulator.url, 'code', { appId, openid });
  return post('/auth/wechat/login', { appId, code });
}

const me = '{ me { nickname avatarUrl addresses { detail } } }';
const readMe = async (openid: string) =>
  (await post('/graphql', { query: me }, (await logIn(openid)).accessToken)).data?.me;
const given = { nickname: '小芳', avatarUrl: '/a.png', addresses: [{ detail: '文三路 1 号' }] };

async function giveAll(openid: string): Promise<void> {
  const query = `mutation {
    updateProfile(input: { nickname: "小芳", avatarUrl: "/a.png" }) { id }
    addAddress(input: {
      recipient: "王芳", phone: "13800138000", province: "浙江省", city: "杭州市", district: "西湖区", detail: "文三路 1 号"
    }) { id }
  }`;
  expect(await post('/graphql', { query }, (await logIn(openid)).accessToken)).not.toHaveProperty('errors');
  expect(await readMe(openid)).toEqual(given);
}

const tell = async (openid: string, event: string, revokeInfo = ''): Promise<number> => {
  const message = {
    ...{ ToUserName: 'gh_1', FromUserName: 'o-platform', CreateTime: Math.floor(Date.now() / 1000) },
    ...{ MsgType: 'event', Event: event, OpenID: openid, AppID: appId, RevokeInfo: revokeInfo },
  };
  const request = { url: `${gateway.url}/wx/message`, appId, ...push, message };
  return (await askDevice<{ status: number }>(simulator.url, 'push', request)).status;
};

test.each([
  ['user_authorization_revoke', '2', { addresses: [] }],
  ['user_info_modified', '', { nickname: null, avatarUrl: null }],
])('%s %s', async (event, revokeInfo, change) => {
  const openid = `o-${event}`;
  await giveAll(openid);
  expect(await tell(openid, event, revokeInfo)).toBe(200);
  expect(await readMe(openid)).toEqual({ ...given, ...change });
});

test('user_authorization_cancellation: who logs in again is another user', async () => {
  await giveAll('o-closed');
  const before = await logIn('o-closed');
  expect(await tell('o-closed', 'user_authorization_cancellation')).toBe(200);
  expect((await logIn('o-closed')).user.id).not.toBe(before.user.id);
  expect(await readMe('o-closed')).toEqual({ nickname: null, avatarUrl: null, addresses: [] });
});

test('while the user subgraph is away WeChat is told to come again, and it is done without that', async () => {
  await giveAll('o-away');
  const { port } = new URL(users.url);
  await users.close();
  expect(await tell('o-away', 'user_info_modified')).toBe(503);
  expect(gateway.log()).toContainEqual(
    expect.objectContaining({ level: 'warn', outcome: 'waiting', appId, openid: 'o-away', revokeInfo: [6] }),
  );

  users = await startUsers(Number(port));
  const done = expect.objectContaining({ outcome: 'done', openid: 'o-away' });
  await vi.waitFor(() => expect(gateway.log()).toContainEqual(done), { timeout: 20_000 });
  expect(await readMe('o-away')).toEqual({ ...given, nickname: null, avatarUrl: null });
  const metrics = await (await fetch(`${gateway.adminUrl}/metrics`)).text();
  expect(metrics).toMatch(/^minigate_forgets_total\{outcome="waiting"\} \d+$/m);
});

test('no client can call it, not even with --dev', async () => {
  const query =
    'mutation { forgetWechatIdentity(eventId: "e", appId: "a", openid: "o", everything: true, revokeInfo: []) }';
  const { errors } = await post('/graphql', { query }, (await logIn('o-sim-super')).accessToken);
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
});
