/** Finds what WeChat said at the login of the one who asks. */
import { RequestError } from '../errors.ts';
import type { Authenticate } from './authenticate.ts';
import type { SessionStore } from './session-store.ts';
import type { FindWechatSession } from './wechat/wechat-session.ts';

export function createFindWechatSession(
  authenticate: Authenticate,
  sessions: SessionStore,
): FindWechatSession {
  return async (authorization) => {
    const principal = await authenticate(authorization);
    const session = principal.kind === 'user' ? sessions.get(principal.sessionId) : undefined;
    if (!session) throw new RequestError('UNAUTHENTICATED', 'Log in first.');
    const { appId, openid, sessionKey } = session;
    return { appId, openid, sessionKeys: sessionKey === '' ? [] : [sessionKey] };
  };
}
