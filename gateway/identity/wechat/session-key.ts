/** Asks WeChat whether a session key still holds, and has it make a new one. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { RequestError } from '../../errors.ts';
import { type CallServerApi, toWechatRefusal } from './server-api.ts';
import type { WechatSession } from './wechat-session.ts';

type Person = Pick<WechatSession, 'appId' | 'openid'>;

/** The signature does not come from the key that WeChat holds now. */
const invalidSignature = 87009;

/** The key is used as it is written: its text, not the bytes that the text encodes. */
export function signBySessionKey(sessionKey: string, message: string): string {
  return createHmac('sha256', sessionKey).update(message).digest('hex');
}

/** The parameters by which WeChat learns that we hold the person's key. */
export function toSessionKeyProof(openid: string, sessionKey: string): Record<string, string> {
  return { openid, signature: signBySessionKey(sessionKey, ''), sig_method: 'hmac_sha256' };
}

export function isInvalidSignature(errcode: number | undefined): boolean {
  return errcode === invalidSignature;
}

export function staleSessionKey(): RequestError {
  return new RequestError(
    'SESSION_KEY_STALE',
    'WeChat has another session key of this person by now. Log in by a new code of wx.login.',
  );
}

/** @throws RATE_LIMITED, WECHAT_UNAVAILABLE */
export async function checkSession(
  callApi: CallServerApi,
  { appId, openid }: Person,
  sessionKey: string,
): Promise<boolean> {
  const reply = await callApi({
    appId,
    method: 'GET',
    path: '/wxa/checksession',
    query: toSessionKeyProof(openid, sessionKey),
    repeatable: true,
  });
  if (!reply.ok && !isInvalidSignature(reply.errcode)) throw toWechatRefusal(reply.errcode);
  return reply.ok;
}

const resetAnswer = z.object({ openid: z.string(), session_key: z.string().min(1) });

/**
 * The new key; the old one ends, and the new one lasts no longer than it would have. `undefined` when the old one does
 * not hold any more. WeChat does not want this often for the same person.
 *
 * @throws RATE_LIMITED, WECHAT_UNAVAILABLE
 */
export async function resetUserSessionKey(
  callApi: CallServerApi,
  { appId, openid }: Person,
  sessionKey: string,
): Promise<string | undefined> {
  const reply = await callApi({
    appId,
    method: 'GET',
    path: '/wxa/resetusersessionkey',
    query: toSessionKeyProof(openid, sessionKey),
    // After a lost answer the old key signs nothing any more.
    repeatable: false,
  });
  if (!reply.ok) {
    if (isInvalidSignature(reply.errcode)) return undefined;
    throw toWechatRefusal(reply.errcode);
  }
  const answer = resetAnswer.safeParse(reply.data);
  if (!answer.success || answer.data.openid !== openid) throw toWechatRefusal(undefined);
  return answer.data.session_key;
}
