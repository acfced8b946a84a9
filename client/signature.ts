/** The value of a signature header, byte for byte as docs/signed-requests.md says. */
import { fromBase64, toHex, toUtf8 } from './bytes.ts';
import { hmacSha256, sha256 } from './hmac-sha256.ts';
import { isObject } from './result.ts';
import type { WxResponse, WxRuntime } from './wx-runtime.ts';

export interface SignatureBy {
  /** Base64. */
  readonly key: string;
  readonly keyId: string;
  /** What the deployment is called in signatures. */
  readonly audience: string;
  /** Since 1970. */
  readonly seconds: number;
  readonly nonce: string;
}

const signedHeaders = [
  'apollographql-client-name',
  'apollographql-client-version',
  'authorization',
  'idempotency-key',
  'minigate-client-name',
  'minigate-client-version',
];

/** @param origin the gateway's address, without a trailing slash */
export function toSignature(
  { url, method, header, data }: Parameters<WxRuntime['request']>[0],
  origin: string,
  { key, keyId, audience, seconds, nonce }: SignatureBy,
): string {
  const lines = [
    'v1',
    method,
    url.slice(origin.length - originPath(origin).length),
    '', // no query
    audience,
    String(seconds),
    nonce,
    keyId,
    toHex(sha256(toUtf8(data))),
    signedHeaders.join(';'),
  ].concat(signedHeaders.map((name) => header[name] || ''));
  const mac = toHex(hmacSha256(fromBase64(key), toUtf8(lines.join('\n'))));
  return `v1;t=${seconds};n=${nonce};k=${keyId};s=${mac}`;
}

/** What the gateway's address has after its host; mostly nothing. */
function originPath(origin: string): string {
  return origin.replace(/^https?:\/\/[^/]*/, '');
}

/** Empty when absent; `name` in lower case. */
export function headerOf({ header }: WxResponse, name: string): string {
  const found = Object.keys(header).find((key) => key.toLowerCase() === name);
  return found ? String(header[found]) : '';
}

/** How far the gateway's clock is ahead, if the response tells. */
export function toSkewMs(response: WxResponse, now: number): number | undefined {
  const seconds = Number(headerOf(response, 'minigate-time'));
  return seconds > 0 ? seconds * 1000 - now : undefined;
}

/** The gateway's code of a refusal. */
export function codeOf({ statusCode, data }: WxResponse): unknown {
  if (statusCode < 400 || !isObject(data) || !Array.isArray(data.errors)) return undefined;
  const [first] = data.errors;
  return isObject(first) && isObject(first.extensions) ? first.extensions.code : undefined;
}
