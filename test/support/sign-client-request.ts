/** Signs a request as a client does, by docs/signed-requests.md and nothing of the gateway's. */
import { createHash, createHmac } from 'node:crypto';

export interface SigningKey {
  readonly signingKey: string;
  readonly signingKeyId: string;
  readonly signingAudience: string;
}

export interface ClientRequest {
  /** Default POST. */
  readonly method?: string;
  /** Default `/graphql`. */
  readonly path?: string;
  /** In its canonical form; default none. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Seconds since 1970. */
  readonly timestamp: number | string;
  readonly nonce: string;
}

const names = [
  'apollographql-client-name',
  'apollographql-client-version',
  'authorization',
  'idempotency-key',
  'minigate-client-name',
  'minigate-client-version',
];

export function macOf(request: ClientRequest, by: SigningKey): Buffer {
  const { method = 'POST', path = '/graphql', query = '', headers = {}, body = '' } = request;
  const lines = [
    ...['v1', method, path, query, by.signingAudience, request.timestamp, request.nonce, by.signingKeyId],
    createHash('sha256').update(body).digest('hex'),
    names.join(';'),
    ...names.map((name) => headers[name] ?? ''),
  ];
  return createHmac('sha256', Buffer.from(by.signingKey, 'base64')).update(lines.join('\n')).digest();
}

/** The value of `minigate-signature`. */
export function signClientRequest(
  request: ClientRequest,
  by: SigningKey,
  mac: string = macOf(request, by).toString('hex'),
): string {
  return `v1;t=${request.timestamp};n=${request.nonce};k=${by.signingKeyId};s=${mac}`;
}
