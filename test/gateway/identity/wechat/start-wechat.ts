/** The gateway's part of WeChat before a simulator, with a clock for both. */
import { randomBytes } from 'node:crypto';
import { type AccessTokens, createAccessTokens } from '../../../../gateway/identity/wechat/access-tokens.ts';
import type { ApiProtection } from '../../../../gateway/identity/wechat/api-protection.ts';
import {
  createWechatConnection,
  type WechatTrouble,
} from '../../../../gateway/identity/wechat/call-wechat.ts';
import {
  createCode2Session,
  createMiniProgramCodes,
} from '../../../../gateway/identity/wechat/code2session.ts';
import { type CallServerApi, createServerApi } from '../../../../gateway/identity/wechat/server-api.ts';
import type { ApiSecurityKeys } from '../../../../wechat-simulator/api-security.ts';
import { createWechatSimulator } from '../../../../wechat-simulator/simulator.ts';
import { askDevice } from '../../../support/wechat-device.ts';

export interface LoggedIn {
  readonly appId: string;
  readonly openid: string;
  readonly sessionKey: string;
  readonly sessionKeys: readonly string[];
}

export interface TestWechat {
  readonly appId: string;
  readonly url: string;
  readonly clock: { now: number };
  readonly callApi: CallServerApi;
  readonly tokens: AccessTokens;
  readonly troubles: WechatTrouble[];
  /** Another gateway, which shares nothing with the first. */
  addGateway(): CallServerApi;
  logIn(openid: string): Promise<LoggedIn>;
  device<T>(what: string, body: object): Promise<T>;
  fault(fault: object): Promise<unknown>;
  /** Calls of this path so far. */
  calls(path: string): number;
  close(): Promise<void>;
}

export const testAppId = 'wx00000000000000a1';
const secret = 'simulator-secret';

export async function startWechat(
  options: {
    readonly protection?: ApiProtection;
    readonly apiSecurity?: ApiSecurityKeys;
    readonly clock?: { now: number };
  } = {},
): Promise<TestWechat> {
  const { clock = { now: 1_800_000_000_000 }, protection, apiSecurity } = options;
  const now = () => clock.now;
  const simulator = await createWechatSimulator({
    host: '127.0.0.1',
    port: 0,
    apps: { [testAppId]: secret },
    ...(apiSecurity && { apiSecurity: { [testAppId]: apiSecurity } }),
    now,
    randomBytes,
  });
  const apps = new Map([[testAppId, { secret, push: undefined, protection }]]);
  const troubles: WechatTrouble[] = [];
  const running = [simulator.close];
  const addConnection = () => {
    const connection = createWechatConnection({
      baseUrl: new URL(simulator.url),
      timeoutMs: 2_000,
      onTrouble: (trouble) => troubles.push(trouble),
    });
    running.unshift(connection.close);
    return connection.call;
  };
  const addGateway = (): CallServerApi => {
    const call = addConnection();
    return createServerApi({ call, apps, tokens: createAccessTokens({ call, apps, now }) });
  };
  const { exchange } = createCode2Session({
    sources: [createMiniProgramCodes({ call: addConnection(), apps })],
    now,
  });
  return {
    appId: testAppId,
    url: simulator.url,
    clock,
    callApi: addGateway(),
    tokens: createAccessTokens({ call: addConnection(), apps, now }),
    troubles,
    addGateway,
    async logIn(openid) {
      const { code } = await askDevice<{ code: string }>(simulator.url, 'code', { appId: testAppId, openid });
      const { sessionKey = '' } = await exchange(testAppId, code);
      return { appId: testAppId, openid, sessionKey, sessionKeys: [sessionKey] };
    },
    device: (what, body) => askDevice(simulator.url, what, body),
    fault: (fault) => askDevice(simulator.url, 'faults', fault),
    calls: simulator.calls,
    async close() {
      for (const close of running) await close();
    },
  };
}
