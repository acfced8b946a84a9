/** Takes what WeChat pushes to this gateway: only signed, sealed, fresh messages, each once. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { RequestError } from '../../errors.ts';
import { type PushFields, parsePushFields } from './push-fields.ts';
import { findSealed, isSignedBy, openPush, type PushKeys } from './push-seal.ts';
import type { SeenMessages } from './seen-messages.ts';
import { toUserEvent, type WechatUserEvent } from './user-event.ts';

export interface MessagePushOptions {
  /** By app id; those without keys take no messages. */
  readonly apps: ReadonlyMap<string, { readonly push: PushKeys | undefined }>;
  readonly seen: SeenMessages;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onUserEvent: (event: WechatUserEvent) => Promise<void>;
  /** How long dealing with a message may take; WeChat waits for 5 s. Default 4,000. */
  readonly timeoutMs?: number;
}

export interface MessagePush {
  /** What to answer when the address is set up in WeChat's console. @throws NOT_FOUND, SIGNATURE_INVALID */
  verifyAddress(appId: string | undefined, query: unknown): string;
  /** @throws NOT_FOUND, SIGNATURE_INVALID, BAD_REQUEST, DEADLINE_EXCEEDED, or what `onUserEvent` does: WeChat then repeats it */
  receive(appId: string | undefined, query: unknown, body: Buffer): Promise<void>;
}

const maxSkewMs = 300_000;

const signed = z.object({ timestamp: z.string().regex(/^\d{1,12}$/), nonce: z.string().min(1).max(64) });
const addressQuery = signed.extend({ signature: z.string(), echostr: z.string().regex(/^[\w-]{1,128}$/) });
const messageQuery = signed.extend({ msg_signature: z.string() });

export function createMessagePush({
  apps,
  seen,
  now,
  onUserEvent,
  timeoutMs = 4_000,
}: MessagePushOptions): MessagePush {
  const underWay = new Map<string, Promise<void>>();

  /** Of the app named, or of every app: then the signature tells which. */
  function candidates(appId: string | undefined): [string, PushKeys][] {
    const found = [...apps].flatMap(([id, { push }]): [string, PushKeys][] =>
      push && (appId === undefined || id === appId) ? [[id, push]] : [],
    );
    if (found.length === 0) throw new RequestError('NOT_FOUND', 'Nothing is served at this address.');
    return found;
  }

  function checkFresh(timestamp: string): void {
    if (Math.abs(now() - Number(timestamp) * 1000) > maxSkewMs) throw notSigned();
  }

  async function dealWith(event: WechatUserEvent): Promise<void> {
    const { id } = event;
    const state = await seen.begin(id);
    if (state === 'done') return;
    // Another gateway is at it. Should that fail, WeChat has to come again, so it must not be told that all is done.
    if (state === 'under way') throw stillAtWork();
    try {
      await onUserEvent(event);
    } catch (error) {
      await seen.release(id).catch(() => {});
      throw error;
    }
    await seen.finish(id);
  }

  return {
    verifyAddress(appId, query) {
      const found = candidates(appId);
      const given = addressQuery.safeParse(query);
      if (!given.success) throw notSigned();
      const { signature, timestamp, nonce, echostr } = given.data;
      checkFresh(timestamp);
      if (!found.some(([, { token }]) => isSignedBy(signature, [token, timestamp, nonce]))) throw notSigned();
      return echostr;
    },

    async receive(appId, query, body) {
      const found = candidates(appId);
      const given = messageQuery.safeParse(query);
      // Without the seal the signature says nothing of the body.
      const sealed = findSealed(body);
      if (!given.success || !sealed) throw notSigned();
      const { msg_signature: signature, timestamp, nonce } = given.data;
      checkFresh(timestamp);
      const signer = found.find(([, { token }]) => isSignedBy(signature, [token, timestamp, nonce, sealed]));
      const message = signer && openPush(sealed, signer[1], signer[0]);
      if (!signer || message === undefined) throw notSigned();
      const [signerId] = signer;
      const fields = parse(message);
      const event = toUserEvent(toMessageId(signerId, fields), signerId, fields);
      if (!event || (fields.AppID !== undefined && fields.AppID !== signerId)) return;
      const { id } = event;
      const work =
        underWay.get(id) ??
        dealWith(event).finally(() => {
          underWay.delete(id);
        });
      underWay.set(id, work);
      await within(work, timeoutMs);
    },
  };
}

/** WeChat repeats a message as it was; two people may be told of in the same second by the same sender. */
function toMessageId(appId: string, fields: PushFields): string {
  const { MsgId, FromUserName, CreateTime, Event, OpenID, RevokeInfo } = fields;
  const parts = MsgId ? [MsgId] : [FromUserName, CreateTime, Event, OpenID, RevokeInfo];
  return createHash('sha256')
    .update(JSON.stringify([appId, ...parts]))
    .digest('base64url');
}

function parse(text: string): PushFields {
  try {
    return parsePushFields(text);
  } catch {
    throw new RequestError('BAD_REQUEST', 'This is no message of WeChat.');
  }
}

function notSigned(): RequestError {
  return new RequestError('SIGNATURE_INVALID', 'The signature does not hold.');
}

function stillAtWork(): RequestError {
  return new RequestError('DEADLINE_EXCEEDED', 'The message is still being dealt with.');
}

async function within(work: Promise<void>, timeoutMs: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(stillAtWork()), timeoutMs);
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
