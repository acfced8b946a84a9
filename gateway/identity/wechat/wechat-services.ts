/** Puts together what the gateway does with WeChat's server. */
import type { WechatSettings } from '../../settings/wechat-settings.ts';
import { createAccessTokens } from './access-tokens.ts';
import { createWechatConnection, type WechatTrouble } from './call-wechat.ts';
import { type Code2Session, createCode2Session, createMiniProgramCodes } from './code2session.ts';
import { loadWechatApps, type WechatApps } from './load-apps.ts';
import { type CallServerApi, createServerApi } from './server-api.ts';
import { createWecomCodes } from './wecom.ts';

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
  settings: Pick<WechatSettings, 'baseUrl' | 'apps' | 'timeoutMs' | 'wecom'>,
  { now, onTrouble }: WechatServicesParts,
): Promise<WechatServices> {
  const apps = await loadWechatApps(settings.apps, now);
  const corps = await loadWechatApps(settings.wecom.corps, now);
  const { timeoutMs } = settings;
  const wechat = createWechatConnection({ baseUrl: new URL(settings.baseUrl), timeoutMs, onTrouble });
  const wecom = createWechatConnection({ baseUrl: new URL(settings.wecom.baseUrl), timeoutMs, onTrouble });
  const { call } = wechat;
  return {
    apps,
    code2session: createCode2Session({
      sources: [createMiniProgramCodes({ call, apps }), createWecomCodes({ call: wecom.call, corps, now })],
      now,
    }),
    callApi: createServerApi({ call, tokens: createAccessTokens({ call, apps, now }), apps }),
    close: async () => {
      await Promise.all([wechat.close(), wecom.close()]);
    },
  };
}
