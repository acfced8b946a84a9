/** The Ed25519 keys that sign bundles: read from text, and named by what they are. */
import { createPrivateKey, createPublicKey, hash, type KeyObject } from 'node:crypto';

/** Public keys by their ids; several while one takes another's place. */
export type BundleKeys = ReadonlyMap<string, KeyObject>;

/** @param pem PKCS 8, as `openssl genpkey -algorithm ed25519` writes it @throws Error saying what is wrong */
export function readSigningKey(pem: string): KeyObject {
  return checkKind(createPrivateKey(pem));
}

/** @param texts each PEM, or the same without its first and last line: base64 of the key as DER @throws Error */
export function readPublicKeys(texts: readonly string[]): BundleKeys {
  return new Map(
    texts.map((text) => {
      const base64 = text.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '');
      const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
      return [keyIdOf(checkKind(key)), key];
    }),
  );
}

/** One line, fit for a setting or a variable. */
export function toPublicKeyText(key: KeyObject): string {
  return toDer(key).toString('base64');
}

export function keyIdOf(key: KeyObject): string {
  return hash('sha256', toDer(key)).slice(0, 16);
}

function toDer(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

function checkKind(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new Error(`bundles are signed by Ed25519, and this key is of ${key.asymmetricKeyType}`);
}
