/** Checks one signature over one request: that the key made it, just now, and that its nonce is new. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { RequestError } from '../errors.ts';
import { type RequestToSign, type SignatureParts, toSignatureBase } from './signature-base.ts';
import type { NonceStore } from './signature-nonces.ts';

/** How far the clock of a client may be off, to either side. */
export const signatureWindowMs = 300_000;

/** How far the gateway's clock may step back before a nonce, kept by another clock, could be used again. */
const clockStepMs = 600_000;

/** A timestamp is taken from the window before it to the window after it; a minute more, for clocks that differ. */
export const nonceKeptMs = 2 * signatureWindowMs + clockStepMs + 60_000;

/** Between two signed requests the clocks part by less than this, unless one was set. */
const alarmingStepMs = 10_000;

export interface FoundKey {
  readonly key: Buffer;
  /** False for an id that was never given out; the bytes of its key are then known to nobody. */
  readonly isKnown: boolean;
  /** Among what nonces must differ. */
  readonly nonceScope: string;
}

export interface SignedRequest {
  readonly request: RequestToSign;
  readonly signature: Signature;
}

export interface VerifySignature {
  /** Which key is said to have signed, and when. @throws the code of the options */
  read(request: RequestToSign): SignedRequest;
  /**
   * Whether this key has signed; the promise says whether the nonce is new, and may be awaited later, or never.
   *
   * @throws the code of the options; the promise rejects with it, REPLAYED or SESSION_UNAVAILABLE
   */
  verify(signed: SignedRequest, key: FoundKey): Promise<void>;
}

export interface VerifyOptions {
  /** Where the signature is. */
  readonly header: string;
  readonly code: 'SIGNATURE_INVALID' | 'USER_SIGNATURE_INVALID';
  readonly nonces: NonceStore;
  /** This deployment's public origin, so that what is signed for another does not hold here. */
  readonly audience: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds, never set. */
  readonly monotonicNow: () => number;
  readonly onClockStep: (stepMs: number) => void;
  readonly onNoncesLost: (error: unknown) => void;
}

export interface Signature extends SignatureParts {
  readonly mac: Buffer;
}

export function createVerifySignature(options: VerifyOptions): VerifySignature {
  const { header, nonces, audience, now, monotonicNow } = options;
  let apartMs = now() - monotonicNow();
  const watchClock = (): void => {
    const stepMs = now() - monotonicNow() - apartMs;
    apartMs += stepMs;
    if (Math.abs(stepMs) > alarmingStepMs) options.onClockStep(Math.round(stepMs));
  };
  const refuse = (message: string): RequestError =>
    new RequestError(options.code, message, {
      'minigate-time': `${Math.floor(now() / 1000)}`,
      'minigate-audience': audience,
    });

  const spend: (...nonce: Parameters<NonceStore['spend']>) => Promise<void> = async (...nonce) => {
    const use = await nonces.spend(...nonce).catch((error) => {
      options.onNoncesLost(error);
      throw new RequestError('SESSION_UNAVAILABLE', 'Signed requests cannot be checked now.', {
        'retry-after': '1',
      });
    });
    if (use === 'used') throw new RequestError('REPLAYED', 'The nonce was used before.');
    if (use === 'forgotten') throw refuse('The request is older than what is remembered here.');
  };

  return {
    read(request) {
      watchClock();
      const signature = parseSignature(request.headers[header]);
      if (!signature) throw refuse(`Sign the request, in the header ${header}.`);
      if (Math.abs(now() - signature.timestamp * 1000) > signatureWindowMs)
        throw refuse(
          `The timestamp is more than ${signatureWindowMs / 1000} s from ${Math.floor(now() / 1000)}.`,
        );
      return { request, signature };
    },
    verify({ request, signature }, { key, isKnown, nonceScope }) {
      const base = toSignatureBase(request, signature, audience);
      const expected = createHmac('sha256', key)
        .update(base ?? '')
        .digest();
      const isEqual = timingSafeEqual(signature.mac, expected);
      if (!isEqual || !isKnown || base === undefined) throw refuse('The signature does not hold.');
      const spent = spend(nonceScope, signature.nonce, signature.timestamp);
      // It may fail before anyone has come to wait for it.
      spent.catch(() => {});
      return spent;
    },
  };
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
