/** What a test of the client starts from: a phone, the WeChat simulator, a small gateway, and a client on them. */
import { type ClientOptions, createClient, type Operation } from '../../client/index.ts';
import { createWechatSimulator } from '../../wechat-simulator/simulator.ts';
import { createManualTimers } from '../support/manual-timers.ts';
import { createWxDevice } from '../support/wx.ts';
import { startSmallGateway } from './small-gateway.ts';

const appId = 'wx00000000000000a1';
const secret = 'simulator-secret';

export const query: Operation = { id: `sha256:${'a'.repeat(64)}`, name: 'Echo', type: 'query' };
export const mutation: Operation = { id: `sha256:${'b'.repeat(64)}`, name: 'Change', type: 'mutation' };

export async function startMiniProgram() {
  const clock = { now: 1_800_000_000_000 };
  const simulator = await createWechatSimulator({
    host: '127.0.0.1',
    port: 0,
    apps: { [appId]: secret },
    now: () => clock.now,
  });
  const gateway = await startSmallGateway({ simulatorUrl: simulator.url, appId, secret });
  const timers = createManualTimers();
  const device = createWxDevice({
    appId,
    person: { simulatorUrl: simulator.url, openid: 'o-anna' },
    timers,
  });
  /** A launch of the mini-program: storage stays, everything else begins anew. */
  const launch = (wx: ClientOptions['wx'] = device.wx, more: Partial<ClientOptions> = {}) =>
    createClient({
      wx,
      url: gateway.url,
      appId,
      clientName: 'test',
      clientVersion: '1.2.3',
      now: () => clock.now,
      ...more,
    });
  return {
    clock,
    gateway,
    timers,
    device,
    launch,
    client: launch(),
    /** How often each was called, up to now. */
    counts: () => ({
      wxLogins: device.calls.login,
      logins: gateway.received.filter(({ path }) => path === '/auth/wechat/login').length,
      refreshes: gateway.received.filter(({ path }) => path === '/auth/refresh').length,
      operations: gateway.received.filter(({ path }) => path === '/graphql').length,
    }),
    failExchanges: async (errcode: number, times: number) => {
      await fetch(`${simulator.url}/simulator/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ errcode, times }),
      });
    },
    close: async () => {
      await Promise.all([gateway.close(), simulator.close()]);
    },
  };
}
