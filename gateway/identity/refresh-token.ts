/** Refresh tokens: 256 random bits, which name their session and prove that they were given out here. */
import { createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { createSealer } from './seal.ts';

export interface RefreshToken {
  readonly text: string;
  readonly userId: string;
  readonly sessionId: string;
}

export interface RefreshTokens {
  create(userId: string, sessionId: string): RefreshToken;
  /** `undefined` for what was never given out here: no store is asked about such. */
  parse(text: string): RefreshToken | undefined;
}

const format = /^([\w-]{1,400})\.([\w-]{16,64})\.([\w-]{43})\.([\w-]{22})$/;
const maxTokenLength = 1_024;

/**
 * @param keys of 32 bytes; the first authenticates new tokens, all are accepted
 * @param purpose what tokens of one purpose are, those of another are not
 */
export function createRefreshTokens(keys: readonly Buffer[], purpose = 'refresh token'): RefreshTokens {
  const macKeys = keys.map((key) => Buffer.from(hkdfSync('sha256', key, '', `minigate ${purpose}`, 32)));
  const [first] = macKeys;
  if (!first) throw new TypeError('Refresh tokens need a key.');
  return {
    create(userId, sessionId) {
      const content = `${Buffer.from(userId).toString('base64url')}.${sessionId}.${randomBytes(32).toString('base64url')}`;
      return { text: `${content}.${toTag(first, content)}`, userId, sessionId };
    },
    parse(text) {
      if (text.length > maxTokenLength) return undefined;
      const [, user = '', sessionId = '', random = '', tag = ''] = format.exec(text) ?? [];
      const content = `${user}.${sessionId}.${random}`;
      if (tag === '' || !macKeys.some((key) => isSame(tag, toTag(key, content)))) return undefined;
      return { text, userId: Buffer.from(user, 'base64url').toString(), sessionId };
    },
  };
}

/** What is stored of a token. */
export function hashRefreshToken({ text }: RefreshToken): string {
  return hash('sha256', text, 'base64url');
}

/** The successor of a token, readable only by who has the token: so that the store, which repeats it, cannot use it. */
export function sealSuccessor(token: RefreshToken, successor: RefreshToken): string {
  return createSealer([toSuccessorKey(token)]).seal(successor.text, token.sessionId);
}

/** `undefined` when it is damaged. */
export function openSuccessor(token: RefreshToken, sealed: string): string | undefined {
  return createSealer([toSuccessorKey(token)]).open(sealed, token.sessionId);
}

function toSuccessorKey({ text }: RefreshToken): Buffer {
  return Buffer.from(hkdfSync('sha256', text, '', 'minigate successor', 32));
}

/** 128 bits. */
function toTag(key: Buffer, content: string): string {
  return createHmac('sha256', key).update(content).digest().subarray(0, 16).toString('base64url');
}

function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
