/** Puts together what the gateway does with WeChat's server. */
import type { WechatSettings } from '../../settings/wechat-settings.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createWechatConnection, type WechatTrouble } from './call-wechat.ts';
import { type Code2Session, createCode2Session } from './code2session.ts';
import { loadWechatApps, type WechatApps } from './load-apps.ts';
import { type CallServerApi, createServerApi } from './server-api.ts';

export interface WechatServices {
  readonly apps: WechatApps;
  readonly code2session: Code2Session;
  readonly callApi: CallServerApi;
  close(): Promise<void>;
}

export interface WechatServicesParts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onTrouble: (trouble: WechatTrouble) => void;
}

/** @throws StartupError for a file that cannot be read, or a key that cannot be used */
export async function createWechatServices(
  settings: Pick<WechatSettings, 'baseUrl' | 'apps' | 'timeoutMs'>,
  { now, onTrouble }: WechatServicesParts,
): Promise<WechatServices> {
  const apps = await loadWechatApps(settings.apps, now);
  const { call, close } = createWechatConnection({
    baseUrl: new URL(settings.baseUrl),
    timeoutMs: settings.timeoutMs,
    onTrouble,
  });
  return {
    apps,
    code2session: createCode2Session({ call, apps, now }),
    callApi: createServerApi({ call, tokens: createAccessTokens({ call, apps, now }), apps }),
    close,
  };
}
