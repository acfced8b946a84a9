/** A phone for Node: the global `wx` of one mini-program, faithful where programs trip, over real HTTP. */
import { randomBytes } from 'node:crypto';
import { answer, type Callbacks, WxError } from './wx-callbacks.ts';
import { createWxRequest, type RequestOption, type RequestTask, type Timers } from './wx-request.ts';
import { createWxStorage } from './wx-storage.ts';

export interface WxDeviceOptions {
  readonly appId: string;
  /** Who holds the phone. A tourist is the developer tools without an app id: always the same mock code. */
  readonly person: { readonly simulatorUrl: string; readonly openid: string } | 'tourist';
  /** Default `release`. */
  readonly envVersion?: 'develop' | 'trial' | 'release';
  /** The released version; WeChat tells it only in the release. */
  readonly version?: string;
  /** Default: Node's. */
  readonly timers?: Timers;
}

export type Wx = ReturnType<typeof createWxDevice>['wx'];

type Ok = { errMsg: string };
type UserKey = { encryptKey: string; iv: string; version: number; expireTime: number };

const nodeTimers: Timers = {
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
};

export function createWxDevice(options: WxDeviceOptions) {
  const { appId, person, envVersion = 'release', version = '1.0.0', timers = nodeTimers } = options;
  const page = person === 'tourist' ? 'devtools' : envVersion === 'release' ? '1' : '0';
  const network = createWxRequest({
    referer: `https://servicewechat.com/${appId}/${page}/page-frame.html`,
    timers,
  });
  const calls = { login: 0, request: 0 };

  const wx = {
    ...createWxStorage(),
    request(option: RequestOption): RequestTask {
      calls.request += 1;
      return network.request(option);
    },
    login(option: Callbacks<Ok & { code: string }> & { timeout?: number } = {}) {
      calls.login += 1;
      return answer('login', option, async () => ({ code: await loadCode(appId, person) }));
    },
    getRandomValues: (option: Callbacks<Ok & { randomValues: ArrayBuffer }> & { length: number }) =>
      answer('getRandomValues', option, () => ({
        randomValues: new Uint8Array(randomBytes(option.length)).buffer,
      })),
    getDeviceInfo: () => ({
      ...{ brand: 'devtools', model: 'iPhone 15', system: 'iOS 17.5', platform: 'ios' },
      ...{ memorySize: 6144, benchmarkLevel: 50, cpuType: 'Apple A16' },
    }),
    getUserCryptoManager: () => ({
      getLatestUserKey(option: Callbacks<Ok & UserKey> = {}) {
        return answer('getLatestUserKey', option, () =>
          ask<UserKey>(appId, person, 'user-key', 'getLatestUserKey'),
        );
      },
    }),
    getAccountInfoSync: () => ({
      miniProgram: { appId, envVersion, version: envVersion === 'release' ? version : '' },
    }),
  };

  return {
    wx,
    /** How often each was called. */
    calls,
    /** The person goes to another app: after five seconds, what is unfinished fails. */
    background: network.background,
    foreground: network.foreground,
  };
}

async function loadCode(appId: string, person: WxDeviceOptions['person']): Promise<string> {
  return person === 'tourist'
    ? 'the code is a mock one'
    : (await ask<{ code: string }>(appId, person, 'code', 'login')).code;
}

async function ask<T>(
  appId: string,
  person: WxDeviceOptions['person'],
  what: string,
  api: string,
): Promise<T> {
  if (person === 'tourist') throw new WxError(`${api}:fail no app id`);
  const response = await fetch(`${person.simulatorUrl}/simulator/${what}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ appId, openid: person.openid }),
  });
  if (!response.ok) throw new WxError(`${api}:fail ${await response.text()}`);
  return (await response.json()) as T;
}
