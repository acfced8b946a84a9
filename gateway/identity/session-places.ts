/** Names the places of what is sealed: nothing opens but where it belongs. */
import type { Session, SessionIdentity } from './session.ts';

export function placeOf(userId: string, sessionId: string): string {
  return JSON.stringify(['session', userId, sessionId]);
}

export function toLinkPlace({
  appId,
  openid,
  environment,
}: Pick<Session, 'appId' | 'openid' | 'environment'>): string {
  return JSON.stringify(['user of', appId, openid, ...(environment === undefined ? [] : [environment])]);
}

export function toKeyPlace({ userId, appId, openid }: SessionIdentity): string {
  return JSON.stringify(['session key', userId, appId, openid]);
}
