/** The exact bytes that the gateway signs and a subgraph checks, and the headers that carry them. */
import { createHash, createHmac } from 'node:crypto';

/** Who is behind a request that reaches a subgraph. `scopes` are the permissions that the roles give. */
export type Caller =
  | { readonly kind: 'guest' }
  | {
      readonly kind: 'user';
      readonly userId: string;
      readonly roles: readonly string[];
      readonly scopes: readonly string[];
    }
  | { readonly kind: 'service'; readonly name: string };

/** What a signature binds. `path` is without the query; `idempotencyKey` is empty when there is none. */
export interface CanonicalRequest {
  readonly method: string;
  readonly path: string;
  /** The name of the one subgraph that may accept the request. */
  readonly audience: string;
  /** Seconds since 1970, as decimal text. */
  readonly timestamp: string;
  /** New for each request: 16 to 64 letters, digits, `_` or `-`. */
  readonly nonce: string;
  /** The value of the `minigate-principal` header, as sent. */
  readonly principal: string;
  readonly idempotencyKey: string;
  readonly body: Uint8Array | string;
}

export const HEADER = {
  principal: 'minigate-principal',
  timestamp: 'minigate-timestamp',
  nonce: 'minigate-nonce',
  audience: 'minigate-audience',
  signature: 'minigate-signature',
  idempotencyKey: 'idempotency-key',
} as const;

/** HMAC-SHA256, as 64 lower-case hexadecimal digits, over nine lines; the README describes them byte for byte. */
export function signatureOf(request: CanonicalRequest, key: string): string {
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  const lines = [
    'v1',
    request.method,
    request.path,
    request.audience,
    request.timestamp,
    request.nonce,
    request.principal,
    request.idempotencyKey,
    bodyHash,
  ];
  return createHmac('sha256', key).update(lines.join('\n')).digest('hex');
}
