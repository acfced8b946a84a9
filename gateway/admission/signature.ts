/** Stage 4: takes a signed request only as it was signed, by a client of ours, just now, and once. */
import type { RequestToSign } from './signature-base.ts';
import type { SignatureKeys } from './signature-keys.ts';
import { createVerifySignature, type VerifyOptions } from './verify-signature.ts';

export const signatureHeader = 'minigate-signature';

export interface RequestToCheck extends RequestToSign {
  /** The path of the route that answers it; `undefined` where there is none. */
  readonly route: string | undefined;
}

/** A signature that holds. */
export interface CheckedSignature {
  /** The session whose key signed. */
  readonly sessionId: string;
  /** Once its nonce is known to be new. Rejects with REPLAYED, SIGNATURE_INVALID or SESSION_UNAVAILABLE. */
  readonly spent: Promise<void>;
}

/** `undefined` where the request is not signed and need not be. @throws SIGNATURE_INVALID */
export type CheckSignature = (request: RequestToCheck) => CheckedSignature | undefined;

export interface SignatureOptions extends Omit<VerifyOptions, 'header' | 'code'> {
  readonly keys: SignatureKeys;
  isRequired(request: RequestToCheck): boolean;
}

export function createCheckSignature({ keys, isRequired, ...options }: SignatureOptions): CheckSignature {
  const { read, verify } = createVerifySignature({
    ...{ ...options, header: signatureHeader, code: 'SIGNATURE_INVALID' },
  });
  const check = (request: RequestToCheck): CheckedSignature => {
    const signed = read(request);
    const { keyId } = signed.signature;
    const found = keys.find(keyId);
    return { sessionId: found.sessionId, spent: verify(signed, { ...found, nonceScope: keyId }) };
  };
  return (request) =>
    request.headers[signatureHeader] === undefined && !isRequired(request) ? undefined : check(request);
}
