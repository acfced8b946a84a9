/** WeChat's login as a gateway and a phone see it, in memory, for development and tests. */
import { createHash, randomBytes as cryptoRandomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';
import { z } from 'zod';
import { toWechatError, type WechatError } from './errcode.ts';
import { createLoginCodes, type LoginCodes } from './login-codes.ts';

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
  /** Default: Node's `randomBytes`. */
  readonly randomBytes?: (count: number) => Buffer;
}

export interface WechatSimulator {
  /** Without a trailing slash: what a gateway sets in place of `https://api.weixin.qq.com`. */
  readonly url: string;
  close(): Promise<void>;
}

/** What a successful exchange answers, in the order in which WeChat sends it. */
interface Session {
  readonly session_key: string;
  readonly openid: string;
  readonly unionid?: string;
}

const deviceCodeRequest = z.strictObject({ appId: z.string().min(1), openid: z.string().min(1) });
const faultRequest = z.strictObject({
  errcode: z.int().refine((code) => code !== 0, 'must not be 0, which means success'),
  times: z.int().min(0),
});
const exchangeQuery = z.object({
  appid: z.string().catch(''),
  secret: z.string().catch(''),
  js_code: z.string().catch(''),
  grant_type: z.string().catch(''),
});

export async function createWechatSimulator(options: WechatSimulatorOptions): Promise<WechatSimulator> {
  const randomBytes = options.randomBytes ?? cryptoRandomBytes;
  const codes = createLoginCodes({ now: options.now, randomBytes });
  const fault = { errcode: 0, times: 0 };
  const server = Fastify({ forceCloseConnections: true });

  server.setErrorHandler((error, _request, reply) =>
    error instanceof z.ZodError ? reply.code(400).send({ error: z.prettifyError(error) }) : reply.send(error),
  );
  server.get('/sns/jscode2session', (request, reply) => {
    const answer = exchange(exchangeQuery.parse(request.query), { ...options, codes, fault, randomBytes });
    // WeChat labels this JSON as text; a gateway that trusts the label fails here first.
    return reply.type('text/plain').send(JSON.stringify(answer).replaceAll('/', '\\/'));
  });
  // WeChat reads the query only of a GET, so a POST appears to carry no app id.
  server.post('/sns/jscode2session', (_request, reply) =>
    reply.type('text/plain').send(JSON.stringify(toWechatError(41002, randomBytes(12)))),
  );
  addDeviceSide(server, { codes, appIds: Object.keys(options.apps) });
  server.post('/simulator/faults', (request) => Object.assign(fault, faultRequest.parse(request.body)));

  const url = await server.listen({ host: options.host, port: options.port });
  return { url, close: () => server.close() };
}

/** What the phone does: here a test or the `wx` stand-in asks for the code that `wx.login` gives. */
function addDeviceSide(
  server: FastifyInstance,
  device: { readonly codes: LoginCodes; readonly appIds: readonly string[] },
): void {
  server.post('/simulator/code', (request, reply) => {
    const { appId, openid } = deviceCodeRequest.parse(request.body);
    if (!device.appIds.includes(appId)) {
      return reply.code(400).send({ error: `The simulator has no app ${appId}.` });
    }
    return { code: device.codes.issue(appId, openid) };
  });
}

interface ExchangeContext extends Pick<WechatSimulatorOptions, 'apps' | 'boundAppIds'> {
  readonly codes: LoginCodes;
  readonly fault: { readonly errcode: number; times: number };
  readonly randomBytes: (count: number) => Buffer;
}

function exchange(query: z.infer<typeof exchangeQuery>, context: ExchangeContext): Session | WechatError {
  const refuse = (errcode: number) => toWechatError(errcode, context.randomBytes(12));
  if (context.fault.times > 0) {
    context.fault.times -= 1;
    return refuse(context.fault.errcode);
  }
  if (!query.appid) return refuse(41002);
  if (!query.secret) return refuse(41004);
  if (!query.js_code) return refuse(41008);
  if (query.grant_type !== 'authorization_code') return refuse(40002);
  const secret = Object.hasOwn(context.apps, query.appid) ? context.apps[query.appid] : undefined;
  if (secret === undefined) return refuse(40013);
  if (secret !== query.secret) return refuse(40125);

  const redeemed = context.codes.redeem(query.appid, query.js_code);
  if ('errcode' in redeemed) return refuse(redeemed.errcode);
  return {
    session_key: context.randomBytes(16).toString('base64'),
    openid: redeemed.openid,
    ...(context.boundAppIds?.includes(query.appid) && { unionid: toUnionid(redeemed.openid) }),
  };
}

/** One person has one unionid in all bound apps; here the same openid in two apps is one person. */
function toUnionid(openid: string): string {
  return `u-${createHash('sha256').update(openid).digest('base64url').slice(0, 26)}`;
}
