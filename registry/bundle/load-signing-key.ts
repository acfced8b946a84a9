/** Finds the key that signs bundles: given, or made once and kept beside the embedded database. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError } from '../../gateway/startup-error.ts';
import { readSigningKey } from './bundle-keys.ts';

export interface SigningKeySources {
  /** PKCS 8, as `openssl genpkey -algorithm ed25519` writes it. */
  readonly file?: string | undefined;
  /** Where a key is made and kept when none is given: for one process alone. */
  readonly fallbackFile?: string | undefined;
}

/** @throws StartupError when there is none, or it is no Ed25519 key */
export async function loadSigningKey({ file, fallbackFile }: SigningKeySources): Promise<KeyObject> {
  if (file !== undefined) return readKey(file);
  if (fallbackFile === undefined)
    throw new StartupError(
      'With Postgres the key that signs bundles must be given: set MINIGATE_SIGNING_KEY_FILE. `openssl genpkey -algorithm ed25519` makes one.',
    );
  await mkdir(dirname(fallbackFile), { recursive: true });
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  // Whoever comes second keeps what is there.
  await writeFile(fallbackFile, pem, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return readKey(fallbackFile);
}

async function readKey(path: string): Promise<KeyObject> {
  try {
    return readSigningKey(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new StartupError(`${path} is not a key that signs: ${(cause as Error).message}`, { cause });
  }
}
