/** Stage 4: takes a signed request only as it was signed, by a client of ours, just now, and once. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { RequestError } from '../errors.ts';
import { type RequestToSign, type SignatureParts, toSignatureBase } from './signature-base.ts';
import type { SignatureKeys } from './signature-keys.ts';
import type { NonceStore } from './signature-nonces.ts';

export const signatureHeader = 'minigate-signature';

/** How far the clock of a client may be off, to either side. */
export const signatureWindowMs = 300_000;

/** How far the gateway's clock may step back before a nonce, kept by another clock, could be used again. */
const clockStepMs = 600_000;

/** A timestamp is taken from the window before it to the window after it; a minute more, for clocks that differ. */
export const nonceKeptMs = 2 * signatureWindowMs + clockStepMs + 60_000;

/** Between two signed requests the clocks part by less than this, unless one was set. */
const alarmingStepMs = 10_000;

export interface RequestToCheck extends RequestToSign {
  /** The path of the route that answers it; `undefined` where there is none. */
  readonly route: string | undefined;
}

/**
 * The id of the session whose key signed the request; `undefined` at once where it is not signed and need not be.
 * Rejects with SIGNATURE_INVALID, REPLAYED or SESSION_UNAVAILABLE.
 */
export type CheckSignature = (request: RequestToCheck) => Promise<string> | undefined;

export interface SignatureOptions {
  readonly keys: SignatureKeys;
  readonly nonces: NonceStore;
  /** This deployment's public origin, so that what is signed for another does not hold here. */
  readonly audience: string;
  isRequired(request: RequestToCheck): boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, never set. */
  readonly monotonicNow: () => number;
  readonly onClockStep: (stepMs: number) => void;
  readonly onNoncesLost: (error: unknown) => void;
}

interface Signature extends SignatureParts {
  readonly mac: Buffer;
}

export function createCheckSignature(options: SignatureOptions): CheckSignature {
  const { keys, nonces, audience, now, monotonicNow } = options;
  let apartMs = now() - monotonicNow();
  const watchClock = (): void => {
    const stepMs = now() - monotonicNow() - apartMs;
    apartMs += stepMs;
    if (Math.abs(stepMs) > alarmingStepMs) options.onClockStep(Math.round(stepMs));
  };
  const refuse = (message: string): RequestError =>
    new RequestError('SIGNATURE_INVALID', message, { 'minigate-time': `${Math.floor(now() / 1000)}` });

  const spendNonce: NonceStore['spend'] = async (...nonce) => {
    try {
      return await nonces.spend(...nonce);
    } catch (error) {
      options.onNoncesLost(error);
      throw new RequestError('SESSION_UNAVAILABLE', 'Signed requests cannot be checked now.', {
        'retry-after': '1',
      });
    }
  };

  const check = async (request: RequestToCheck): Promise<string> => {
    watchClock();
    const signature = parseSignature(request.headers[signatureHeader]);
    if (!signature) throw refuse(`Sign the request, in the header ${signatureHeader}.`);
    const { timestamp, nonce, keyId, mac } = signature;
    if (Math.abs(now() - timestamp * 1000) > signatureWindowMs)
      throw refuse(
        `The timestamp is more than ${signatureWindowMs / 1000} s from ${Math.floor(now() / 1000)}.`,
      );
    const { key, sessionId, isKnown } = keys.find(keyId);
    const base = toSignatureBase(request, signature, audience);
    const expected = createHmac('sha256', key)
      .update(base ?? '')
      .digest();
    const isEqual = timingSafeEqual(mac, expected);
    if (!isEqual || !isKnown || base === undefined) throw refuse('The signature does not hold.');
    const use = await spendNonce(keyId, nonce, timestamp);
    if (use === 'used') throw new RequestError('REPLAYED', 'The nonce was used before.');
    if (use === 'forgotten') throw refuse('The request is older than what is remembered here.');
    return sessionId;
  };

  return (request) =>
    request.headers[signatureHeader] === undefined && !options.isRequired(request)
      ? undefined
      : check(request);
}

/** `v1;t=<seconds>;n=<nonce>;k=<key id>;s=<64 hexadecimal digits>`: one form, so that there is one reading. */
const format = /^v1;t=(\d{1,12});n=([\w-]{16,64});k=([\w.-]{1,160});s=([0-9a-f]{64})$/;

/** The length of what is compared afterwards is settled here. */
function parseSignature(header: string | string[] | undefined): Signature | undefined {
  if (typeof header !== 'string') return undefined;
  const [, timestamp = '', nonce = '', keyId = '', mac = ''] = format.exec(header) ?? [];
  if (mac === '') return undefined;
  return { timestamp: Number(timestamp), nonce, keyId, mac: Buffer.from(mac, 'hex') };
}
