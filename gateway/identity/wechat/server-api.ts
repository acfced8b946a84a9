/** Calls the server APIs of WeChat that need an access token, sealed where the mini-program has keys for that. */
import { RequestError } from '../../errors.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { ApiProtection } from './api-protection.ts';
import type { CallWechat, WechatCall, WechatReply } from './call-wechat.ts';

export type ServerApiCall = Omit<WechatCall, 'protection'>;
export type CallServerApi = (call: ServerApiCall) => Promise<WechatReply>;

export interface ServerApiOptions {
  readonly call: CallWechat;
  readonly tokens: AccessTokens;
  readonly apps: ReadonlyMap<string, { readonly protection: ApiProtection | undefined }>;
}

/** Invalid, unknown or expired, as WeChat has it in different places. */
const tokenErrcodes: ReadonlySet<number | undefined> = new Set([40001, 40014, 42001]);

/** The APIs called here that WeChat also offers sealed. */
const protectedPaths: ReadonlySet<string> = new Set([
  '/wxa/business/getuserphonenumber',
  '/wxa/business/getuserencryptkey',
]);

/** A token that WeChat refuses is renewed once, and the call made once more: a call with a bad token was not carried out. */
export function createServerApi({ call, tokens, apps }: ServerApiOptions): CallServerApi {
  return async (given) => {
    const protection = protectedPaths.has(given.path) ? apps.get(given.appId)?.protection : undefined;
    const callWith = (token: string): Promise<WechatReply> =>
      call({ ...given, query: { ...given.query, access_token: token }, protection });
    const token = await tokens.get(given.appId);
    if (token === undefined) return { ok: false, errcode: undefined };
    const reply = await callWith(token);
    if (reply.ok || !tokenErrcodes.has(reply.errcode)) return reply;
    const renewed = await tokens.renew(given.appId, token);
    return renewed === undefined || renewed === token ? reply : callWith(renewed);
  };
}

/** What a person is told when WeChat does not do what was asked of it. */
export function toWechatRefusal(errcode: number | undefined): RequestError {
  if (errcode === 45009 || errcode === 45011)
    return new RequestError('RATE_LIMITED', 'WeChat answers no more for a while.', { 'retry-after': '60' });
  return new RequestError('WECHAT_UNAVAILABLE', 'WeChat does not answer now.', { 'retry-after': '2' });
}
