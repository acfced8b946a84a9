/** WeCom's server (企业微信) as a gateway sees it, and the phone of a company's member. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { createAccessTokens } from './access-tokens.ts';
import { toWechatError } from './errcode.ts';
import { createLoginCodes } from './login-codes.ts';

export interface WecomParts {
  /** Secrets by corp id. */
  readonly corps: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: (count: number) => Buffer;
}

const text = z.string().catch('');
const tokenQuery = z.object({ corpid: text, corpsecret: text });
const exchangeQuery = z.object({ access_token: text, js_code: text, grant_type: text });
const codeRequest = z.strictObject({ corpId: z.string().min(1), userid: z.string().min(1).max(64) });

export function addWecom(server: FastifyInstance, { corps, now, randomBytes }: WecomParts): void {
  const tokens = createAccessTokens({ now, randomBytes });
  const codes = createLoginCodes({ now, randomBytes });
  const send = (reply: FastifyReply, answer: object | number): FastifyReply =>
    reply
      .type('application/json; charset=UTF-8')
      .send(
        typeof answer === 'number'
          ? toWechatError(answer, randomBytes(12))
          : { errcode: 0, errmsg: 'ok', ...answer },
      );

  // Within its life the same token comes again, as from stable_token.
  server.get('/cgi-bin/gettoken', (request, reply) => {
    const { corpid, corpsecret } = tokenQuery.parse(request.query);
    if (!Object.hasOwn(corps, corpid)) return send(reply, 40013);
    return send(reply, corps[corpid] === corpsecret ? tokens.stable(corpid) : 40001);
  });

  server.get('/cgi-bin/miniprogram/jscode2session', (request, reply) => {
    const { access_token, js_code, grant_type } = exchangeQuery.parse(request.query);
    const by = tokens.check(access_token);
    if ('errcode' in by) return send(reply, by.errcode === 40001 ? 40014 : by.errcode);
    if (grant_type !== 'authorization_code') return send(reply, 40002);
    const redeemed = codes.redeem(by.appId, js_code);
    // WeCom does not tell a used code from a wrong one.
    if ('errcode' in redeemed) return send(reply, 40029);
    const session_key = randomBytes(16).toString('base64');
    return send(reply, { corpid: by.appId, userid: redeemed.openid, session_key });
  });

  server.post('/simulator/wecom-code', (request) => {
    const { corpId, userid } = codeRequest.parse(JSON.parse(`${request.body}`));
    return { code: codes.issue(corpId, userid) };
  });
}
