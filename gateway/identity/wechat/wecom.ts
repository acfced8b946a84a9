/** Exchanges the code of wx.qy.login for the member of the company behind it, at WeCom's server (企业微信). */
import { z } from 'zod';
import { createAccessTokens } from './access-tokens.ts';
import type { CallWechat } from './call-wechat.ts';
import type { CodeSource } from './code2session.ts';
import { createServerApi } from './server-api.ts';

export interface WecomOptions {
  /** Connected to WeCom's server. */
  readonly call: CallWechat;
  /** Secrets of the company's app that the mini-program is linked to, by corp id. */
  readonly corps: ReadonlyMap<string, { readonly secret: string }>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Its session key is left where it is: nothing here needs it. */
const member = z.object({ corpid: z.string(), userid: z.string().min(1).max(64) });

/** The corp id stands for the app, the member's user id for the openid. */
export function createWecomCodes({ call, corps, now }: WecomOptions): CodeSource {
  const tokens = createAccessTokens({
    ...{ call, apps: corps, now },
    toCall: (corpId, secret) => ({
      ...{ appId: corpId, method: 'GET', path: '/cgi-bin/gettoken' },
      ...{ query: { corpid: corpId, corpsecret: secret }, repeatable: true },
    }),
  });
  const callApi = createServerApi({ call, tokens, apps: new Map() });
  return {
    has: (corpId) => corps.has(corpId),
    ask: (corpId, code) =>
      callApi({
        ...{ appId: corpId, method: 'GET', path: '/cgi-bin/miniprogram/jscode2session' },
        ...{ query: { js_code: code, grant_type: 'authorization_code' }, repeatable: false },
      }),
    read(corpId, data) {
      const found = member.safeParse(data);
      if (!found.success || found.data.corpid !== corpId) return undefined;
      // WeCom takes a user id in any case, and gives it as the company wrote it at the time.
      return { openid: found.data.userid.toLowerCase(), sessionKey: undefined, unionid: undefined };
    },
  };
}
