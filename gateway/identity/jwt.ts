/** Signs and verifies JSON Web Tokens, with nothing left to defaults that let more through than they should. */
import type { KeyObject } from 'node:crypto';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
  SignJWT,
} from 'jose';
import { RequestError } from '../errors.ts';

export type { JWK, JWTPayload };

/** The key for the header of a token; throws when there is none. */
export type FindKey = JWTVerifyGetKey;

export interface TokenRules {
  readonly algorithms: readonly string[];
  readonly issuer: string;
  readonly audience: string;
  /** What the header's `typ` must be; any when it is left out. */
  readonly type?: string;
  /** Beside `exp`, `iat`, `sub`, `aud` and `iss`. */
  readonly requiredClaims?: readonly string[];
  /** Counted from `iat`. */
  readonly maxAgeSeconds: number;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

export const leewaySeconds = 30;
const maxTokenLength = 8_192;
const alwaysRequired = ['exp', 'iat', 'sub', 'aud', 'iss'];

/** `undefined` for a token that breaks a rule. @throws RequestError where `findKey` does */
export async function verifyJwt(
  token: string,
  findKey: FindKey,
  rules: TokenRules,
): Promise<(JWTPayload & { readonly sub: string; readonly iat: number; readonly exp: number }) | undefined> {
  if (token.length > maxTokenLength) return undefined;
  try {
    const { payload } = await jwtVerify(token, findKey, {
      ...{ algorithms: [...rules.algorithms], issuer: rules.issuer, audience: rules.audience },
      ...(rules.type !== undefined && { typ: rules.type }),
      requiredClaims: [...alwaysRequired, ...(rules.requiredClaims ?? [])],
      maxTokenAge: rules.maxAgeSeconds,
      clockTolerance: leewaySeconds,
      currentDate: new Date(rules.nowMs),
    });
    const { sub, iat, exp } = payload;
    return sub && iat !== undefined && exp !== undefined ? { ...payload, sub, iat, exp } : undefined;
  } catch (error) {
    if (error instanceof RequestError) throw error;
    return undefined;
  }
}

export function signJwt(
  claims: Record<string, unknown>,
  header: { readonly alg: string; readonly typ: string; readonly kid: string },
  privateKey: KeyObject,
): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(privateKey);
}

/** With the id that its own content gives it. */
export async function toPublicJwk(
  publicKey: KeyObject,
  alg: string,
): Promise<JWK & { readonly kid: string }> {
  const jwk = await exportJWK(publicKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
}

/** Looks keys up in a JSON Web Key Set; a key in it that cannot be used is as if it were not there. @throws for anything else */
export function parseKeySet(keySet: unknown): FindKey {
  return createLocalJWKSet(keySet as { keys: JWK[] });
}
