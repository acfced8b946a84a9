/** What WeChat tells of people: that they take back what they allowed, close their account, or were cleaned up. */
import type { PushFields } from './push-fields.ts';

export interface WechatUserEvent {
  readonly kind: 'user_authorization_revoke' | 'user_authorization_cancellation' | 'user_info_modified';
  readonly appId: string;
  readonly openid: string;
  /**
   * What must be deleted, or asked anew: WeChat's numbers, such as 2 addresses, 6 nickname and avatar, 8 phone number,
   * 13 location; `all` when the account is closed.
   */
  readonly revokeInfo: 'all' | readonly number[];
}

/** Both are done before WeChat is told that the event has arrived; either may be done twice. */
export interface UserEventEffects {
  endSessionsOf(appId: string, openid: string): Promise<void>;
  /** Has the user subgraph delete what the person no longer allows to keep. */
  forget(appId: string, openid: string, revokeInfo: WechatUserEvent['revokeInfo']): Promise<void>;
}

const nicknameAndAvatar = [6];

/** `undefined` for a message of another kind. The person is named by OpenID: FromUserName is WeChat's own sender. */
export function toUserEvent(appId: string, fields: PushFields): WechatUserEvent | undefined {
  const { MsgType, Event: kind, OpenID: openid, RevokeInfo = '' } = fields;
  if (MsgType?.toLowerCase() !== 'event' || !openid) return undefined;
  switch (kind) {
    case 'user_authorization_revoke':
      return { kind, appId, openid, revokeInfo: [...RevokeInfo.matchAll(/\d{1,6}/g)].map(Number) };
    case 'user_authorization_cancellation':
      return { kind, appId, openid, revokeInfo: 'all' };
    case 'user_info_modified':
      return { kind, appId, openid, revokeInfo: nicknameAndAvatar };
    default:
      return undefined;
  }
}

export async function applyUserEvent(
  { appId, openid, revokeInfo }: WechatUserEvent,
  effects: UserEventEffects,
): Promise<void> {
  await effects.endSessionsOf(appId, openid);
  await effects.forget(appId, openid, revokeInfo);
}
