/** Puts together what phones and WeChat itself reach beside the login: phone number, profile, pushed messages. */
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { registerWechatPushRoute } from './http/wechat-push-route.ts';
import type { Sessions } from './identity/sessions.ts';
import { createMessagePush } from './identity/wechat/message-push.ts';
import { createPersonData, type PersonData } from './identity/wechat/person-data.ts';
import { createRedisSeenMessages } from './identity/wechat/redis-seen-messages.ts';
import { createSeenMessages } from './identity/wechat/seen-messages.ts';
import { applyUserEvent, type UserEventEffects } from './identity/wechat/user-event.ts';
import type { WechatServices } from './identity/wechat/wechat-services.ts';
import type { FindWechatSession } from './identity/wechat/wechat-session.ts';
import type { RedisConnection } from './store/redis.ts';

export interface WechatPersonParts {
  readonly wechat: WechatServices;
  readonly findSession: FindWechatSession;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
}

export function createWechatPersonData({ wechat, findSession, now, log }: WechatPersonParts): PersonData {
  return createPersonData({
    findSession,
    callApi: wechat.callApi,
    now,
    onForeignData: (found) =>
      log.warn(found, 'data that wx encrypted for another mini-program was sent here'),
  });
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

/** Ends sessions, and leaves the rest to whoever reads the log. */
export function createLoggingUserEvents(sessions: Pick<Sessions, 'endOf'>, log: Logger): UserEventEffects {
  return {
    async endSessionsOf(appId, openid) {
      await sessions.endOf({ appId, openid });
    },
    forget: async (appId, openid, revokeInfo) =>
      log.warn({ appId, openid, revokeInfo }, 'WeChat tells to delete what is stored of a person'),
  };
}
