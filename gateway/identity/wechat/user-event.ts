/** What WeChat tells of people: that they take back what they allowed, close their account, or were cleaned up. */
import type { PushFields } from './push-fields.ts';

export interface WechatUserEvent {
  /** The same when WeChat sends the event again. */
  readonly id: string;
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
  forget(event: WechatUserEvent): Promise<void>;
  /** When the gateway ends. */
  close?(): void;
}

const nicknameAndAvatar = [6];

/** `undefined` for a message of another kind. The person is named by OpenID: FromUserName is WeChat's own sender. */
export function toUserEvent(id: string, appId: string, fields: PushFields): WechatUserEvent | undefined {
  const { MsgType, Event: kind, OpenID: openid, RevokeInfo = '' } = fields;
  if (MsgType?.toLowerCase() !== 'event' || !openid) return undefined;
  switch (kind) {
    case 'user_authorization_revoke':
      return { id, kind, appId, openid, revokeInfo: [...RevokeInfo.matchAll(/\d{1,6}/g)].map(Number) };
    case 'user_authorization_cancellation':
      return { id, kind, appId, openid, revokeInfo: 'all' };
    case 'user_info_modified':
      return { id, kind, appId, openid, revokeInfo: nicknameAndAvatar };
    default:
      return undefined;
  }
}

export async function applyUserEvent(event: WechatUserEvent, effects: UserEventEffects): Promise<void> {
  await effects.endSessionsOf(event.appId, event.openid);
  await effects.forget(event);
}
