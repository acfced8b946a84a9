/** Finds what WeChat said at the login of the one who asks. */
import { RequestError } from '../errors.ts';
import { accountOf, type User } from '../principal.ts';
import { type Authenticate, unauthenticated } from './authenticate.ts';
import type { Sessions } from './sessions.ts';
import type { FindWechatSession, WechatSession } from './wechat/wechat-session.ts';

export interface FindWechatSessionParts {
  readonly authenticate: Authenticate;
  readonly sessions: Pick<Sessions, 'find' | 'sessionKeys'>;
  /** The mini-programs: members of a company log in by WeCom, staff by an issuer of the company. */
  readonly apps: { has(appId: string): boolean };
}

/** The function throws what `Authenticate` does, and FORBIDDEN for a session of which WeChat knows nothing. */
export function createFindWechatSession({
  authenticate,
  sessions,
  apps,
}: FindWechatSessionParts): FindWechatSession {
  return async (authorization, inForce) => {
    const principal = await authenticate(authorization, inForce);
    if (principal.kind !== 'user') throw unauthenticated();
    if (!apps.has(principal.appId))
      throw new RequestError(
        'FORBIDDEN',
        'WeChat knows nothing of this session. Log in by wx.login of a mini-program: WeCom and ID tokens do not do.',
      );
    return loadWechatSession(sessions, principal);
  };
}

/** @throws UNAUTHENTICATED when it has ended, SESSION_UNAVAILABLE */
export async function loadWechatSession(
  sessions: Pick<Sessions, 'find' | 'sessionKeys'>,
  user: Pick<User, 'account' | 'userId' | 'sessionId'>,
): Promise<WechatSession> {
  const userId = accountOf(user);
  const found = await sessions.find({ userId, sessionId: user.sessionId });
  if (!found) throw unauthenticated(userId);
  const { appId, openid, unionid } = found.session;
  return { appId, openid, unionid, sessionKeys: await sessions.sessionKeys({ userId, appId, openid }) };
}
