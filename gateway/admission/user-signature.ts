/** Takes chosen mutations only as WeChat's key of the person's phone has signed them: the key that no network ever sees. */
import { randomBytes } from 'node:crypto';
import { type ErrorCode, RequestError } from '../errors.ts';
import type { Principal, User } from '../principal.ts';
import type { RequestToSign } from './signature-base.ts';
import { createVerifySignature, type VerifyOptions } from './verify-signature.ts';

export const userSignatureHeader = 'minigate-user-signature';

export interface MutationToCheck {
  /** The fields of Mutation that it asks for. */
  readonly fields: readonly string[];
  readonly principal: Principal;
  /** As it was sent; `undefined` for one without the header. */
  readonly request: RequestToSign | undefined;
}

/**
 * `undefined` at once where none of the fields needs the signature, or no WeChat stands behind the one who asks: staff
 * and services have no phone. Rejects with USER_SIGNATURE_INVALID, SESSION_KEY_STALE, REPLAYED, UNAUTHENTICATED,
 * RATE_LIMITED, WECHAT_UNAVAILABLE or SESSION_UNAVAILABLE.
 */
export type CheckUserSignature = (mutation: MutationToCheck) => Promise<void> | undefined;

export interface UserSignatureOptions extends Omit<VerifyOptions, 'header' | 'code'> {
  /** Fields of Mutation. */
  readonly mutations: ReadonlySet<string>;
  /** Whether the session is one of a mini-program. */
  isOnPhone(user: User): boolean;
  /** In base64; `undefined` when WeChat has no key of that version. @throws SESSION_KEY_STALE, RATE_LIMITED, WECHAT_UNAVAILABLE */
  findKey(user: User, version: number): Promise<string | undefined>;
  /** Told whose signature does not hold, or came twice. */
  readonly onRefuse: (code: ErrorCode, user: User) => void;
}

/** `wx.` and the version that wx gives beside the key. */
const keyIdFormat = /^wx\.(\d{1,9})$/;

export function createCheckUserSignature({
  mutations,
  isOnPhone,
  findKey,
  onRefuse,
  ...options
}: UserSignatureOptions): CheckUserSignature {
  const { read, verify } = createVerifySignature({
    ...{ ...options, header: userSignatureHeader, code: 'USER_SIGNATURE_INVALID' },
  });
  const check = async (user: User, request: RequestToSign | undefined): Promise<void> => {
    const signed = read(request ?? unsigned);
    const { keyId } = signed.signature;
    const [, version] = keyIdFormat.exec(keyId) ?? [];
    const found = version === undefined ? undefined : await findKey(user, Number(version));
    await verify(signed, {
      key: found === undefined ? randomBytes(16) : Buffer.from(found, 'base64'),
      isKnown: found !== undefined,
      nonceScope: `${user.sessionId} ${keyId}`,
    });
  };
  return ({ fields, principal, request }) => {
    if (!fields.some((field) => mutations.has(field))) return undefined;
    if (principal.kind === 'guest')
      throw new RequestError('UNAUTHENTICATED', 'Log in first: this has to be signed by a phone.');
    if (principal.kind !== 'user' || !isOnPhone(principal)) return undefined;
    return check(principal, request).catch((error) => {
      if (error instanceof RequestError && failures.has(error.code)) onRefuse(error.code, principal);
      throw error;
    });
  };
}

/** Of the signature, not of those who have to be asked for its key. */
const failures = new Set<ErrorCode>(['USER_SIGNATURE_INVALID', 'REPLAYED']);

const unsigned: RequestToSign = { method: '', url: '', headers: {}, body: Buffer.alloc(0) };
