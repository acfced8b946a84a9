/** The bytes that a client signs: the same request makes the same bytes, and no other request does. */
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** What runs depends on these; an absent one is signed as empty, so that none can be added or taken away. */
const signedHeaders = [
  'apollographql-client-name',
  'apollographql-client-version',
  'authorization',
  'idempotency-key',
  'minigate-client-name',
  'minigate-client-version',
] as const;

export interface RequestToSign {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** As Node gives them. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface SignatureParts {
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly nonce: string;
  readonly keyId: string;
}

/** `undefined` when the query is not percent-encoded UTF-8. docs/signed-requests.md describes it byte for byte. */
export function toSignatureBase(
  { method, url, headers, body }: RequestToSign,
  { timestamp, nonce, keyId }: SignatureParts,
  audience: string,
): string | undefined {
  const mark = url.indexOf('?');
  const query = mark === -1 ? '' : toCanonicalQuery(url.slice(mark + 1));
  if (query === undefined) return undefined;
  return [
    'v1',
    method,
    mark === -1 ? url : url.slice(0, mark),
    query,
    audience,
    timestamp,
    nonce,
    keyId,
    hash('sha256', body),
    signedHeaders.join(';'),
    ...signedHeaders.map((name) => headers[name] ?? ''),
  ].join('\n');
}

/** Names in order, those that are equal in the order they were sent; everything encoded in one way. */
export function toCanonicalQuery(query: string): string | undefined {
  try {
    const pairs = query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const equals = pair.indexOf('=');
        const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
        return { name: reencode(name), value: reencode(value) };
      });
    // Encoded names are ASCII, so that this is the order of their bytes.
    pairs.sort((one, other) => (one.name < other.name ? -1 : one.name > other.name ? 1 : 0));
    return pairs.map(({ name, value }) => `${name}=${value}`).join('&');
  } catch {
    return undefined;
  }
}

/** @throws URIError when it is not percent-encoded UTF-8 */
function reencode(text: string): string {
  const plain = decodeURIComponent(text.replaceAll('+', '%20'));
  return encodeURIComponent(plain).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
