/** Decides whether a request to a subgraph really comes from the gateway or from another service of the team. */
import { timingSafeEqual } from 'node:crypto';
import { type Caller, HEADER, signatureOf } from './canonical-request.ts';

export interface ReceivedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** As Node gives them: lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Uint8Array | string;
}

export interface VerifyOptions {
  /** This subgraph's name. */
  readonly audience: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How far the sender's clock may be off, in seconds. Default 300. */
  readonly toleranceSeconds?: number;
  /**
   * Whether the nonce is new; it is not from then on. Asked once the signature holds, so that nobody else can fill a
   * memory: see `createNonceMemory`. Default: a request may be sent again while its timestamp is good.
   */
  readonly spendNonce?: (nonce: string) => boolean;
}

/** A request without a valid signature; answer it with 401 and nothing else. */
export class UnsignedRequestError extends Error {
  override readonly name = 'UnsignedRequestError';
}

/**
 * The caller that the signature vouches for.
 * @throws UnsignedRequestError when a header is missing, stale, meant for another subgraph, the signature is wrong, or the
 * nonce was used
 */
export function verifyRequest(request: ReceivedRequest, options: VerifyOptions): Caller {
  const header = (name: string): string => {
    const value = request.headers[name];
    if (typeof value !== 'string') throw new UnsignedRequestError(`the header ${name} is missing`);
    return value;
  };
  const principal = header(HEADER.principal);
  const timestamp = header(HEADER.timestamp);
  const nonce = header(HEADER.nonce);
  const received = header(HEADER.signature);
  if (header(HEADER.audience) !== options.audience) {
    throw new UnsignedRequestError('the request was signed for another subgraph');
  }
  if (!/^\d{1,12}$/.test(timestamp))
    throw new UnsignedRequestError('the timestamp is not a number of seconds');
  const skewSeconds = Math.abs(options.now / 1000 - Number(timestamp));
  if (skewSeconds > (options.toleranceSeconds ?? 300))
    throw new UnsignedRequestError('the timestamp is too far off');

  if (!/^[\w-]{16,64}$/.test(nonce)) throw new UnsignedRequestError('the nonce is not one');

  const idempotencyKey = request.headers[HEADER.idempotencyKey] ?? '';
  if (typeof idempotencyKey !== 'string') throw new UnsignedRequestError('the idempotency key is repeated');
  const expected = signatureOf(
    {
      method: request.method,
      path: request.path,
      audience: options.audience,
      timestamp,
      nonce,
      principal,
      idempotencyKey,
      body: request.body,
    },
    options.key,
  );
  // Of equal length, as the comparison needs; what has another form is compared with what nobody sends.
  const given = /^[0-9a-f]{64}$/.test(received) ? received : '-'.repeat(64);
  if (!timingSafeEqual(Buffer.from(given), Buffer.from(expected)))
    throw new UnsignedRequestError('the signature does not match');
  if (options.spendNonce && !options.spendNonce(nonce))
    throw new UnsignedRequestError('the request was sent before');
  return JSON.parse(Buffer.from(principal, 'base64url').toString('utf8')) as Caller;
}
