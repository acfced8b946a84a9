/** Puts together what signed requests need: keys, what is remembered of nonces, and where a signature is required. */
import type { Logger } from 'pino';
import { createCheckSignature, nonceKeptMs, signatureWindowMs } from './admission/signature.ts';
import { createSignatureKeys } from './admission/signature-keys.ts';
import { createMemoryNonces } from './admission/signature-nonces.ts';
import { createRedisNonces } from './admission/signature-redis-nonces.ts';
import type { Config } from './config.ts';
import { parseClient } from './http/parse-client.ts';
import { createSignedRequests, type SignedRequests } from './http/signed-requests.ts';
import type { LoginParts } from './identity/login.ts';
import type { RedisConnection } from './store/redis.ts';

export interface RequestSigning {
  readonly requests: SignedRequests;
  readonly giveSigningKey: LoginParts['giveSigningKey'];
}

export interface RequestSigningOptions {
  readonly graphqlPath: string;
  /** Without it nonces are remembered by this process alone. */
  readonly redis: RedisConnection | undefined;
  readonly now: () => number;
  readonly log: Logger;
}

/** `undefined` where no master key is set: signatures are then neither asked for nor looked at. */
export function createRequestSigning(
  { keys: [current, ...others], audience, requiredPaths, requiredClients, maxNonces }: Config['signing'],
  { graphqlPath, redis, now, log }: RequestSigningOptions,
): RequestSigning | undefined {
  if (!current || audience === undefined) return undefined;
  const keys = createSignatureKeys([current, ...others]);
  const paths = new Set(requiredPaths);
  const clients = new Set(requiredClients);
  const check = createCheckSignature({
    keys,
    audience,
    nonces: redis
      ? createRedisNonces(redis, nonceKeptMs)
      : createMemoryNonces({ windowMs: signatureWindowMs, maxNonces, now }),
    isRequired({ route = '', headers }) {
      if (paths.has(route)) return true;
      return clients.size > 0 && route === graphqlPath && clients.has(parseClient(headers).name ?? '');
    },
    now,
    monotonicNow: () => performance.now(),
    onClockStep: (stepMs) => log.error({ stepMs }, 'the clock was set; timestamps are held against it'),
    onNoncesLost: (err) => log.error({ err }, 'signed requests are refused: nonces cannot be checked'),
  });
  return {
    requests: createSignedRequests(check),
    giveSigningKey(sessionId, appId) {
      const { keyId, key } = keys.issue(sessionId, appId);
      return { signingKey: key.toString('base64'), signingKeyId: keyId, signingAudience: audience };
    },
  };
}
