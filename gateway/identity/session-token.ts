/** The access token: a signed statement of which session a request belongs to. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';

const algorithm = 'EdDSA';
const issuer = 'minigate';
const audience = 'minigate';
const tokenType = 'at+jwt';
const maxTokenLength = 8_192;

export interface SessionClaims {
  readonly sessionId: string;
  readonly userId: string;
}

export interface SessionTokens {
  issue(claims: SessionClaims): Promise<string>;
  /** `undefined` for any token that is not ours, or is not valid now. */
  verify(token: string): Promise<SessionClaims | undefined>;
}

export interface SessionTokenOptions {
  /** Ed25519. */
  readonly privateKey: KeyObject;
  readonly lifetimeSeconds: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function createSessionTokens({
  privateKey,
  lifetimeSeconds,
  now,
}: SessionTokenOptions): SessionTokens {
  const publicKey = createPublicKey(privateKey);
  return {
    issue({ sessionId, userId }) {
      const issuedAt = Math.floor(now() / 1000);
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: tokenType })
        .setSubject(userId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(privateKey);
    },
    async verify(token) {
      if (token.length > maxTokenLength) return undefined;
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: [algorithm],
          issuer,
          audience,
          typ: tokenType,
          requiredClaims: ['exp', 'iat', 'sub', 'sid'],
          maxTokenAge: lifetimeSeconds,
          clockTolerance: 30,
          currentDate: new Date(now()),
        });
        const { sid, sub, iat = 0, exp = Number.POSITIVE_INFINITY } = payload;
        if (exp - iat > lifetimeSeconds) return undefined;
        return typeof sid === 'string' && sub ? { sessionId: sid, userId: sub } : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

/** The key in PEM, or a new one that lasts as long as this process. @throws when the text is no Ed25519 private key */
export function toSigningKey(pem: string | undefined): KeyObject {
  if (pem === undefined) return generateKeyPairSync('ed25519').privateKey;
  const key = createPrivateKey(pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('The signing key is not an Ed25519 key.');
  return key;
}
