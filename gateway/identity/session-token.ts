/** The access token: a signed statement of which session a request belongs to. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type FindKey, type JWK, leewaySeconds, signJwt, toPublicJwk, verifyJwt } from './jwt.ts';

const algorithm = 'EdDSA';
const issuer = 'minigate';
const audience = 'minigate';
const tokenType = 'at+jwt';

/** Tokens whose signature holds are remembered, since verifying one costs more than all else about it. */
const maxRemembered = 10_000;

export interface SessionClaims {
  readonly sessionId: string;
  readonly userId: string;
}

export interface SessionTokens {
  issue(claims: SessionClaims): Promise<string>;
  /** `undefined` for any token that is not ours, or is not valid now. */
  verify(token: string): Promise<SessionClaims | undefined>;
  /** The public keys that tokens are verified by, as a JSON Web Key Set. */
  readonly keySet: { readonly keys: readonly JWK[] };
}

export interface SessionTokenOptions {
  /** Ed25519; the first signs, all are accepted. */
  readonly privateKeys: readonly KeyObject[];
  readonly lifetimeSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
}

interface VerifiedToken extends SessionClaims {
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly notBefore: number;
}

export async function createSessionTokens({
  privateKeys,
  lifetimeSeconds,
  now,
}: SessionTokenOptions): Promise<SessionTokens> {
  const keys = await Promise.all(privateKeys.map(toSigningKey));
  const [newest] = keys;
  if (!newest) throw new TypeError('Access tokens need a signing key.');
  const byId = new Map(keys.map((key) => [key.id, key]));
  const remembered = new Map<string, VerifiedToken>();

  const findKey: FindKey = ({ kid = '' }) => {
    const key = byId.get(kid);
    if (!key) throw new TypeError('No key of ours has this id.');
    return key.publicKey;
  };

  const verifySignature = async (token: string): Promise<VerifiedToken | undefined> => {
    const payload = await verifyJwt(token, findKey, {
      ...{ algorithms: [algorithm], issuer, audience, type: tokenType, requiredClaims: ['sid'] },
      ...{ maxAgeSeconds: lifetimeSeconds, nowMs: now() },
    });
    if (!payload || typeof payload.sid !== 'string') return undefined;
    const { sid, sub, iat, exp, nbf = 0, aud } = payload;
    // Nobody else has a use for it: one that is for others too was not made here.
    if (aud !== audience || exp - iat > lifetimeSeconds) return undefined;
    return { sessionId: `${sid}`, userId: sub, issuedAt: iat, expiresAt: exp, notBefore: nbf };
  };

  /** What time alone can change about a token whose signature holds. */
  const isTimely = ({ issuedAt, expiresAt, notBefore }: VerifiedToken): boolean => {
    const seconds = Math.floor(now() / 1000);
    const isNotEarly = Math.max(issuedAt, notBefore) <= seconds + leewaySeconds;
    return isNotEarly && Math.min(expiresAt, issuedAt + lifetimeSeconds) > seconds - leewaySeconds;
  };

  return {
    issue({ sessionId, userId }) {
      const issuedAt = Math.floor(now() / 1000);
      return signJwt(
        {
          ...{ sid: sessionId, sub: userId, iss: issuer, aud: audience },
          ...{ iat: issuedAt, exp: issuedAt + lifetimeSeconds },
        },
        { alg: algorithm, typ: tokenType, kid: newest.id },
        newest.privateKey,
      );
    },
    async verify(token) {
      const known = remembered.get(token);
      if (known && isTimely(known)) return known;
      const verified = await verifySignature(token);
      if (!verified) return undefined;
      remembered.set(token, verified);
      const [oldest] = remembered.size > maxRemembered ? remembered.keys() : [];
      if (oldest !== undefined) remembered.delete(oldest);
      return verified;
    },
    keySet: { keys: keys.map(({ jwk }) => jwk) },
  };
}

async function toSigningKey(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey);
  const jwk = await toPublicJwk(publicKey, algorithm);
  return { id: jwk.kid, privateKey, publicKey, jwk };
}

/** The keys in PEM, or a new one that lasts as long as this process. @throws when a text is no Ed25519 private key */
export function parseSigningKeys(pems: readonly string[]): KeyObject[] {
  if (pems.length === 0) return [generateKeyPairSync('ed25519').privateKey];
  return pems.map((pem) => {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('The signing key is not an Ed25519 key.');
    return key;
  });
}
