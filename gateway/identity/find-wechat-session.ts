/** Finds what WeChat said at the login of the one who asks. */
import { type Authenticate, unauthenticated } from './authenticate.ts';
import type { Sessions } from './sessions.ts';
import type { FindWechatSession } from './wechat/wechat-session.ts';

/** The function throws what `Authenticate` does. */
export function createFindWechatSession(
  authenticate: Authenticate,
  sessions: Pick<Sessions, 'find' | 'sessionKeys'>,
): FindWechatSession {
  return async (authorization) => {
    const principal = await authenticate(authorization);
    if (principal.kind !== 'user') throw unauthenticated();
    const { userId, sessionId } = principal;
    const found = await sessions.find({ userId, sessionId });
    if (!found) throw unauthenticated();
    const { appId, openid, unionid } = found.session;
    return { appId, openid, unionid, sessionKeys: await sessions.sessionKeys({ userId, appId, openid }) };
  };
}
