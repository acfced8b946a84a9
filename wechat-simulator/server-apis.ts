/** The APIs that need an access token. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessTokens } from './access-tokens.ts';
import { type ApiSecurityKeys, openCall, sealAnswer } from './api-security.ts';
import { toWechatError } from './errcode.ts';
import type { PhoneCodes } from './phone-codes.ts';
import type { SessionKeys } from './session-keys.ts';
import type { UserEncryptKeys } from './user-encrypt-keys.ts';

export interface ServerApiParts {
  /** Each app's secret, by app id. */
  readonly apps: Readonly<Record<string, string>>;
  /** Keys of the apps that have switched "API 安全" on, by app id. */
  readonly apiSecurity: Readonly<Record<string, ApiSecurityKeys>>;
  readonly tokens: AccessTokens;
  readonly sessionKeys: SessionKeys;
  readonly phoneCodes: PhoneCodes;
  readonly userEncryptKeys: UserEncryptKeys;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
}

type Fields = Readonly<Record<string, unknown>>;

/** The answer, or an errcode. */
type Api = (appId: string, fields: Fields) => object | number;

const tokenRequest = z.object({
  grant_type: z.string().catch(''),
  appid: z.string().catch(''),
  secret: z.string().catch(''),
  force_refresh: z.boolean().catch(false),
});
const proof = z
  .object({ openid: z.string().catch(''), signature: z.string().catch(''), sig_method: z.string().catch('') })
  .transform(({ sig_method: sigMethod, ...rest }) => ({ ...rest, sigMethod }));
const phoneRequest = z.object({ code: z.string().catch(''), openid: z.string().optional() });

export function addServerApis(server: FastifyInstance, parts: ServerApiParts): void {
  const { sessionKeys, phoneCodes, userEncryptKeys } = parts;
  const send = (reply: FastifyReply, answer: object | number): FastifyReply =>
    reply
      .type('text/plain')
      .send(
        JSON.stringify(typeof answer === 'number' ? toWechatError(answer, parts.randomBytes(12)) : answer),
      );

  server.post('/cgi-bin/stable_token', (request, reply) =>
    send(reply, giveToken(parse(request.body), parts)),
  );

  const add = (method: 'GET' | 'POST', path: string, isSealable: boolean, api: Api): void => {
    server.route({
      method: isSealable ? ['GET', 'POST'] : method,
      url: path,
      exposeHeadRoute: false,
      handler: (request, reply) => {
        const query = request.query as Fields;
        const app = parts.tokens.check(`${query.access_token ?? ''}`);
        if ('errcode' in app) return send(reply, app.errcode);
        const keys = isSealable ? parts.apiSecurity[app.appId] : undefined;
        if (keys) return answerSealed(request, reply, app.appId, keys, api);
        if (request.method !== method) return send(reply, 47001);
        return send(reply, api(app.appId, { ...query, ...parse(request.body) }));
      },
    });
  };

  function answerSealed(
    request: FastifyRequest,
    reply: FastifyReply,
    appId: string,
    keys: ApiSecurityKeys,
    api: Api,
  ): FastifyReply {
    const address = `${request.protocol}://${request.host}${request.routeOptions.url}`;
    const timestamp = Math.floor(parts.now() / 1000);
    const opened = openCall(address, appId, request.headers, `${request.body ?? ''}`, keys, timestamp);
    if (typeof opened === 'number') return send(reply, opened);
    const answer = api(appId, opened);
    const plain = typeof answer === 'number' ? toWechatError(answer, parts.randomBytes(12)) : answer;
    const { headers, text } = sealAnswer({ address, appId, timestamp }, plain, keys, parts.randomBytes);
    return reply.headers(headers).type('text/plain').send(text);
  }

  add(
    'GET',
    '/wxa/checksession',
    false,
    (appId, fields) => sessionKeys.refusal(appId, proof.parse(fields)) ?? ok,
  );
  add('GET', '/wxa/resetusersessionkey', false, (appId, fields) => {
    const given = proof.parse(fields);
    const errcode = sessionKeys.refusal(appId, given);
    return errcode ?? { ...ok, openid: given.openid, session_key: sessionKeys.renew(appId, given.openid) };
  });
  add('POST', '/wxa/business/getuserphonenumber', true, (appId, fields) => {
    const { code, openid } = phoneRequest.parse(fields);
    const phoneNumber = phoneCodes.redeem(appId, code, openid);
    if (phoneNumber === undefined) return 40029;
    const watermark = { timestamp: Math.floor(parts.now() / 1000), appid: appId };
    return {
      ...ok,
      phone_info: { phoneNumber, purePhoneNumber: phoneNumber, countryCode: '86', watermark },
    };
  });
  add('GET', '/wxa/business/getuserencryptkey', true, (appId, fields) => {
    const given = proof.parse(fields);
    const errcode = sessionKeys.refusal(appId, given);
    return errcode ?? { ...ok, key_info_list: userEncryptKeys.list(appId, given.openid) };
  });
}

const ok = { errcode: 0, errmsg: 'ok' };

function giveToken(body: Fields, { apps, tokens }: ServerApiParts): object | number {
  const { grant_type, appid, secret, force_refresh } = tokenRequest.parse(body);
  if (grant_type !== 'client_credential') return 40002;
  if (!Object.hasOwn(apps, appid)) return 40013;
  if (apps[appid] !== secret) return 40125;
  return (force_refresh ? tokens.force(appid) : tokens.stable(appid)) ?? 45011;
}

function parse(body: unknown): Fields {
  try {
    const value: unknown = JSON.parse(`${body ?? '{}'}`);
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}
