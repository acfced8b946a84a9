/** What the functions of WeChat need of a session. */
import type { InForce } from '../authenticate.ts';

export interface WechatSession {
  readonly appId: string;
  readonly openid: string;
  readonly unionid?: string | undefined;
  /** WeChat's keys of the last two logins, newest first; none when WeChat vouched for the person in another way. They never leave the gateway. */
  readonly sessionKeys: readonly string[];
}

/** The session of the one who asks. @throws UNAUTHENTICATED for a guest, or a token that does not hold; FORBIDDEN for a session of which WeChat knows nothing */
export type FindWechatSession = (
  authorization: string | undefined,
  inForce: InForce,
) => Promise<WechatSession>;
