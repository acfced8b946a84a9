/** API keys, by which services call from their servers: known here by their hashes alone. */
import { hash } from 'node:crypto';
import { grantsOf, type Roles, type Service } from '../principal.ts';

export interface ApiKey {
  /** Of the service, for logs and subgraphs. */
  readonly name: string;
  /** `sha256:` and the SHA-256 of the key in hexadecimal: enough for what is 256 bits of chance. */
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  /** ISO 8601. */
  readonly expiresAt: string;
}

export interface ApiKeys {
  /** `undefined` when nobody has this key, or it has expired. */
  find(key: string, roles: Roles): Service | undefined;
}

/** `mgk_` and 32 bytes in base64url. */
const keyFormat = /^mgk_[\w-]{43}$/;

export function isApiKey(token: string): boolean {
  return token.startsWith('mgk_');
}

/** @param now milliseconds since 1970 */
export function createApiKeys(keys: readonly ApiKey[], now: () => number): ApiKeys {
  const known = new Map(keys.map((key) => [key.hash, { key, expiresAtMs: Date.parse(key.expiresAt) }]));
  return {
    find(text, roles) {
      // Looked up by its hash: how long that takes tells nothing of the keys.
      const entry = keyFormat.test(text) ? known.get(`sha256:${hash('sha256', text)}`) : undefined;
      return entry && entry.expiresAtMs > now() ? toService(entry.key, roles) : undefined;
    },
  };
}

function toService({ name, roles, scopes: own }: ApiKey, known: Roles): Service {
  const { level, scopes } = grantsOf(known, roles);
  return { kind: 'service', name, roles, level, scopes: [...new Set([...scopes, ...own])] };
}
