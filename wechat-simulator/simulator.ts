/** WeChat's server as a gateway and a phone see it, in memory, for development and tests. */
import { createHash, randomBytes as cryptoRandomBytes } from 'node:crypto';
import Fastify from 'fastify';
import { z } from 'zod';
import { createAccessTokens } from './access-tokens.ts';
import type { ApiSecurityKeys } from './api-security.ts';
import { addDevice } from './device.ts';
import { toWechatError, type WechatError } from './errcode.ts';
import { addFaults } from './faults.ts';
import { createLoginCodes, type LoginCodes } from './login-codes.ts';
import { createPhoneCodes } from './phone-codes.ts';
import { addServerApis } from './server-apis.ts';
import { createSessionKeys, type SessionKeys } from './session-keys.ts';
import { createUserEncryptKeys } from './user-encrypt-keys.ts';
import { addWecom } from './wecom.ts';

export interface WechatSimulatorOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Each app's secret, by app id. */
  readonly apps: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Apps bound to one Open Platform account: their logins carry a unionid. Default: none. */
  readonly boundAppIds?: readonly string[];
  /** Keys of the apps that have switched "API 安全" on, by app id. Default: none. */
  readonly apiSecurity?: Readonly<Record<string, ApiSecurityKeys>>;
  /** Secrets of companies on WeCom (企业微信), by corp id. Default: none. */
  readonly corps?: Readonly<Record<string, string>>;
  /** Default: Node's `randomBytes`. */
  readonly randomBytes?: (count: number) => Buffer;
}

export interface WechatSimulator {
  /** Without a trailing slash: what a gateway sets in place of `https://api.weixin.qq.com`. */
  readonly url: string;
  /** Calls of this path so far; those that met a fault count too. */
  calls(path: string): number;
  close(): Promise<void>;
}

/** What a successful exchange answers, in the order in which WeChat sends it. */
interface Session {
  readonly session_key: string;
  readonly openid: string;
  readonly unionid?: string;
}

const exchangeQuery = z.object({
  appid: z.string().catch(''),
  secret: z.string().catch(''),
  js_code: z.string().catch(''),
  grant_type: z.string().catch(''),
});

export async function createWechatSimulator(options: WechatSimulatorOptions): Promise<WechatSimulator> {
  const { apps, now, apiSecurity = {}, randomBytes = cryptoRandomBytes } = options;
  const clocked = { now, randomBytes };
  const loginCodes = createLoginCodes(clocked);
  const phoneCodes = createPhoneCodes(clocked);
  const tokens = createAccessTokens(clocked);
  const userEncryptKeys = createUserEncryptKeys(clocked);
  const sessionKeys = createSessionKeys(randomBytes);
  const calls = new Map<string, number>();
  const server = Fastify({ forceCloseConnections: true });

  // What a sealed body is signed as is its text, so every body is read as text first.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error, _request, reply) =>
    error instanceof z.ZodError
      ? reply.code(400).send({ error: z.prettifyError(error) })
      : reply
          .code((error as { statusCode?: number }).statusCode ?? 500)
          .send({ error: (error as Error).message }),
  );
  server.addHook('onRequest', async ({ url }) => {
    const [path = ''] = url.split('?');
    calls.set(path, (calls.get(path) ?? 0) + 1);
  });
  addFaults(server, randomBytes);

  server.get('/sns/jscode2session', (request, reply) => {
    const query = exchangeQuery.parse(request.query);
    const answer = exchange(query, { ...options, loginCodes, sessionKeys, randomBytes });
    // WeChat labels this JSON as text; a gateway that trusts the label fails here first.
    return reply.type('text/plain').send(JSON.stringify(answer).replaceAll('/', '\\/'));
  });
  // WeChat reads the query only of a GET, so a POST appears to carry no app id.
  server.post('/sns/jscode2session', (_request, reply) =>
    reply.type('text/plain').send(JSON.stringify(toWechatError(41002, randomBytes(12)))),
  );
  addServerApis(server, { apps, apiSecurity, tokens, sessionKeys, phoneCodes, userEncryptKeys, ...clocked });
  const appIds = Object.keys(apps);
  addDevice(server, { appIds, loginCodes, phoneCodes, sessionKeys, userEncryptKeys, ...clocked });

  addWecom(server, { corps: options.corps ?? {}, ...clocked });

  const url = await server.listen({ host: options.host, port: options.port });
  return { url, calls: (path) => calls.get(path) ?? 0, close: () => server.close() };
}

interface ExchangeContext extends Pick<WechatSimulatorOptions, 'apps' | 'boundAppIds'> {
  readonly loginCodes: LoginCodes;
  readonly sessionKeys: SessionKeys;
  readonly randomBytes: (count: number) => Buffer;
}

function exchange(query: z.infer<typeof exchangeQuery>, context: ExchangeContext): Session | WechatError {
  const refuse = (errcode: number) => toWechatError(errcode, context.randomBytes(12));
  if (!query.appid) return refuse(41002);
  if (!query.secret) return refuse(41004);
  if (!query.js_code) return refuse(41008);
  if (query.grant_type !== 'authorization_code') return refuse(40002);
  const secret = Object.hasOwn(context.apps, query.appid) ? context.apps[query.appid] : undefined;
  if (secret === undefined) return refuse(40013);
  if (secret !== query.secret) return refuse(40125);

  const redeemed = context.loginCodes.redeem(query.appid, query.js_code);
  if ('errcode' in redeemed) return refuse(redeemed.errcode);
  return {
    session_key: context.sessionKeys.renew(query.appid, redeemed.openid),
    openid: redeemed.openid,
    ...(context.boundAppIds?.includes(query.appid) && { unionid: toUnionid(redeemed.openid) }),
  };
}

/** One person has one unionid in all bound apps; here the same openid in two apps is one person. */
function toUnionid(openid: string): string {
  return `u-${createHash('sha256').update(openid).digest('base64url').slice(0, 26)}`;
}
