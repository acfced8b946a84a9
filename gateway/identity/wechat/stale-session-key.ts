/** Tells data that is wrong from data that WeChat encrypted by a session key which only a new login brings. */
import type { CallServerApi } from './server-api.ts';
import { checkSession } from './session-key.ts';
import type { WechatSession } from './wechat-session.ts';

/** Whether WeChat has given the person another key since. False where nobody can say. */
export type IsSessionKeyStale = (session: WechatSession) => Promise<boolean>;

export interface StaleSessionKeyOptions {
  readonly callApi: CallServerApi;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The oldest make room beyond this. Default 10,000. */
  readonly maxPeople?: number;
}

/** However much bad data a phone sends, WeChat is asked of one key once in this time. */
const minIntervalMs = 60_000;

export function createIsSessionKeyStale({
  callApi,
  now,
  maxPeople = 10_000,
}: StaleSessionKeyOptions): IsSessionKeyStale {
  const asked = new Map<string, { readonly at: number; readonly isStale: Promise<boolean> }>();
  return async (session) => {
    const { appId, openid } = session;
    const [sessionKey] = session.sessionKeys;
    if (sessionKey === undefined) return false;
    const id = JSON.stringify([appId, openid, sessionKey]);
    const known = asked.get(id);
    if (known && now() - known.at < minIntervalMs) return known.isStale;
    const isStale = checkSession(callApi, session, sessionKey).then(
      (holds) => !holds,
      () => false,
    );
    asked.delete(id);
    asked.set(id, { at: now(), isStale });
    const [oldest] = asked.keys();
    if (asked.size > maxPeople && oldest !== undefined) asked.delete(oldest);
    return isStale;
  };
}
