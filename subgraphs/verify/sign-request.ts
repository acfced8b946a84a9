/** Makes the headers by which a request to a subgraph proves who sent it and for whom. */
import { randomUUID } from 'node:crypto';
import { type Caller, HEADER, signatureOf } from './canonical-request.ts';

export interface RequestToSign {
  readonly url: URL;
  readonly audience: string;
  readonly caller: Caller;
  readonly body: string;
  /** Passed on from the client; a subgraph answers a repeated key with the stored answer. */
  readonly idempotencyKey?: string | undefined;
  /** The key that gateway and subgraphs share; 32 characters or more. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Default: a random one. */
  readonly nonce?: string | undefined;
}

/** Headers of a `POST`; lower-case names. */
export function signRequest(request: RequestToSign): Record<string, string> {
  const principal = Buffer.from(JSON.stringify(request.caller)).toString('base64url');
  const timestamp = String(Math.floor(request.now / 1000));
  const nonce = request.nonce ?? randomUUID();
  const idempotencyKey = request.idempotencyKey ?? '';
  const signature = signatureOf(
    {
      method: 'POST',
      path: request.url.pathname,
      audience: request.audience,
      timestamp,
      nonce,
      principal,
      idempotencyKey,
      body: request.body,
    },
    request.key,
  );
  return {
    [HEADER.principal]: principal,
    [HEADER.timestamp]: timestamp,
    [HEADER.nonce]: nonce,
    [HEADER.audience]: request.audience,
    [HEADER.signature]: signature,
    ...(idempotencyKey && { [HEADER.idempotencyKey]: idempotencyKey }),
  };
}
