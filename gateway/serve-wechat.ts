/** Puts together what phones and WeChat itself reach beside the login: phone number, profile, pushed messages. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { UserSignatureOptions } from './admission/user-signature.ts';
import type { Payer } from './demand/payers.ts';
import { registerWechatPushRoute } from './http/wechat-push-route.ts';
import type { Scope } from './identity/account.ts';
import type { Authenticate, InForce } from './identity/authenticate.ts';
import { createFindWechatSession, loadWechatSession } from './identity/find-wechat-session.ts';
import type { Sessions } from './identity/sessions.ts';
import { createForgetQueue, type ForgetQueueOptions } from './identity/wechat/forget-queue.ts';
import { createMessagePush } from './identity/wechat/message-push.ts';
import { createPersonData, type PersonData } from './identity/wechat/person-data.ts';
import { createRedisForgetQueue } from './identity/wechat/redis-forget-queue.ts';
import { createRedisSeenMessages } from './identity/wechat/redis-seen-messages.ts';
import { createSeenMessages } from './identity/wechat/seen-messages.ts';
import { createUserEncryptKeys } from './identity/wechat/user-encrypt-keys.ts';
import { applyUserEvent, type UserEventEffects, type WechatUserEvent } from './identity/wechat/user-event.ts';
import type { WechatServices } from './identity/wechat/wechat-services.ts';
import type { RedisConnection } from './store/redis.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface WechatPersonParts {
  readonly wechat: WechatServices;
  readonly identity: { readonly authenticate: Authenticate; readonly sessions: Sessions };
  /** Counts what a user asks. Rejects with RATE_LIMITED. */
  chargeUser(payer: Payer, inForce: InForce): Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
}

export function createWechatPersonData({
  wechat,
  identity,
  chargeUser,
  now,
  log,
}: WechatPersonParts): PersonData {
  const client = { name: undefined, version: undefined };
  const authenticate: Authenticate = async (authorization, inForce) => {
    const principal = await identity.authenticate(authorization, inForce);
    if (principal.kind === 'user') await chargeUser({ principal, client, address: '' }, inForce);
    return principal;
  };
  return createPersonData({
    findSession: createFindWechatSession({ authenticate, sessions: identity.sessions, apps: wechat.apps }),
    callApi: wechat.callApi,
    now,
    onForeignData: (found) =>
      log.warn(found, 'data that wx encrypted for another mini-program was sent here'),
  });
}

export interface PhoneKeysParts {
  readonly wechat: WechatServices;
  readonly sessions: () => Pick<Sessions, 'find' | 'sessionKeys'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** For mutations that WeChat's key of the phone must sign: who has one, and which it is. */
export function createPhoneKeys({
  wechat,
  sessions,
  now,
}: PhoneKeysParts): Pick<UserSignatureOptions, 'isOnPhone' | 'findKey'> {
  const keys = createUserEncryptKeys({ callApi: wechat.callApi, now });
  return {
    isOnPhone: ({ appId }) => wechat.apps.has(appId),
    async findKey(user, version) {
      const found = await keys.find(await loadWechatSession(sessions(), user), version);
      return found?.encryptKey;
    },
  };
}

export interface WechatPushParts {
  readonly wechat: WechatServices;
  readonly userEvents: UserEventEffects;
  /** Without it each gateway remembers for itself what has been pushed. */
  readonly redis: RedisConnection | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function serveWechatPush(
  app: FastifyInstance,
  { wechat, userEvents, redis, now }: WechatPushParts,
): void {
  const push = createMessagePush({
    apps: wechat.apps,
    seen: redis ? createRedisSeenMessages(redis) : createSeenMessages({ now }),
    now,
    onUserEvent: (event) => applyUserEvent(event, userEvents),
  });
  registerWechatPushRoute(app, push);
}

export interface UserEventParts {
  /** Of the environments that are served: a mini-program is the same in all. */
  readonly scopes: readonly Scope[];
  readonly sessions: Pick<Sessions, 'endOf'>;
  /** Has the user subgraph do it. @throws when it does not */
  readonly forget: (event: WechatUserEvent) => Promise<void>;
  /** How long that may take. */
  readonly forgetTimeoutMs: number;
  /** Without it what waits to be deleted ends with this gateway. */
  readonly redis: RedisConnection | undefined;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'countForget'>;
}

/** For what is stored before and after the work itself. */
const leaseMarginMs = 5_000;

/** Ends sessions and has the user subgraph delete, however long that is away; what is given up is in the log. */
export function createUserEvents({
  scopes,
  sessions,
  forget,
  forgetTimeoutMs,
  redis,
  log,
  metrics,
}: UserEventParts): UserEventEffects {
  const work: Pick<ForgetQueueOptions, 'forget' | 'onOutcome'> = {
    forget,
    onOutcome(outcome, { id: eventId, kind, appId, openid, revokeInfo }) {
      metrics.countForget(outcome);
      const told = { outcome, eventId, kind, appId, openid, revokeInfo };
      if (outcome === 'done') log.info(told, 'what WeChat told to delete of a person is deleted');
      else if (outcome === 'waiting')
        log.warn(told, 'what WeChat tells to delete of a person is not deleted yet; it is tried again');
      else log.error(told, 'what WeChat tells to delete of a person is not deleted; delete it by hand');
    },
  };
  const timers: ForgetQueueOptions['timers'] = {
    setTimeout,
    clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout | undefined),
  };
  const queue = redis
    ? createRedisForgetQueue({ ...work, redis, log, leaseMs: forgetTimeoutMs + leaseMarginMs })
    : createForgetQueue({ ...work, timers });
  return {
    async endSessionsOf(appId, openid) {
      await Promise.all(scopes.map((environment) => sessions.endOf({ appId, openid, environment })));
    },
    forget: queue.forget,
    close: queue.close,
  };
}
