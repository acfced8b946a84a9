/** The keys of clients: derived from a master key for each session, so that none is stored or asked for. */
import { hkdfSync, randomBytes } from 'node:crypto';

export interface MasterKey {
  /** Begins the ids of the keys that are derived from it. */
  readonly id: string;
  readonly secret: string;
}

export interface ClientKey {
  readonly keyId: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface KnownKey {
  readonly key: Buffer;
  readonly sessionId: string;
  /** False for an id that was never given out; the bytes of its key are then known to nobody. */
  readonly isKnown: boolean;
}

export interface SignatureKeys {
  /** The key that a new session signs by. */
  issue(sessionId: string, appId: string): ClientKey;
  /** Takes equally long whether the id is known or not. */
  find(keyId: string): KnownKey;
}

/** @param masterKeys new keys are derived from the first; those of another hold until it is taken out of the list */
export function createSignatureKeys(masterKeys: readonly [MasterKey, ...MasterKey[]]): SignatureKeys {
  const [current] = masterKeys;
  const secrets = new Map(masterKeys.map(({ id, secret }) => [id, secret]));
  const decoy = randomBytes(32).toString('base64');
  return {
    issue: (sessionId, appId) => ({
      keyId: `${current.id}.${appId}.${sessionId}`,
      key: derive(current.secret, sessionId, appId),
    }),
    find(keyId) {
      const [masterId = '', appId = '', sessionId = ''] = keyId.split('.');
      const secret = secrets.get(masterId);
      return {
        key: derive(secret ?? decoy, sessionId, appId),
        sessionId,
        isKnown: secret !== undefined && keyId === `${masterId}.${appId}.${sessionId}`,
      };
    },
  };
}

/** HKDF-SHA256 without salt. */
function derive(secret: string, sessionId: string, appId: string): Buffer {
  const info = `minigate request signing v1\n${appId}\n${sessionId}`;
  return Buffer.from(hkdfSync('sha256', secret, '', info, 32));
}
