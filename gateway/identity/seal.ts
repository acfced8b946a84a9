/** Encrypts what lies where others may read or write: AES-256-GCM, bound to the place it is for. */
import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

export interface Sealer {
  /** `1.` for this format, the key's id, and base64url: a version, so that another may follow. */
  seal(text: string, place: string): string;
  /** `undefined` for anything but what was sealed for this place under one of the keys. */
  open(sealed: string, place: string): string | undefined;
}

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const sealedFormat = /^1\.([0-9a-f]{8})\.([\w-]+)$/;

/** @param keys of 32 bytes; the first seals, all open */
export function createSealer(keys: readonly Buffer[]): Sealer {
  const byId = new Map(keys.map((key) => [toKeyId(key), key]));
  const [first] = keys;
  if (!first) throw new TypeError('A sealer needs a key.');
  const firstId = toKeyId(first);
  return {
    seal(text, place) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, first, nonce).setAAD(Buffer.from(place));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `1.${firstId}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
    },
    open(sealed, place) {
      const [, keyId = '', content = ''] = sealedFormat.exec(sealed) ?? [];
      const key = byId.get(keyId);
      const bytes = Buffer.from(content, 'base64url');
      if (!key || bytes.length < nonceBytes + tagBytes) return undefined;
      const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        const text = decipher.update(bytes.subarray(nonceBytes + tagBytes));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

/** Tells keys apart, and nothing of the key. */
function toKeyId(key: Buffer): string {
  return hash('sha256', key).slice(0, 8);
}
