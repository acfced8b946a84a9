/** Puts together what signed requests need: keys, what is remembered of nonces, and where which signature is required. */
import type { Logger } from 'pino';
import type { ReportSecurityEvent } from './abuse/security-event.ts';
import { createCheckSignature } from './admission/signature.ts';
import { createSignatureKeys } from './admission/signature-keys.ts';
import { createMemoryNonces } from './admission/signature-nonces.ts';
import { createRedisNonces } from './admission/signature-redis-nonces.ts';
import {
  type CheckUserSignature,
  createCheckUserSignature,
  type UserSignatureOptions,
  userSignatureHeader,
} from './admission/user-signature.ts';
import { nonceKeptMs, signatureWindowMs } from './admission/verify-signature.ts';
import type { MustSign } from './admit.ts';
import type { Config } from './config.ts';
import { parseClient } from './http/parse-client.ts';
import { createSignedRequests, type SignedRequests } from './http/signed-requests.ts';
import type { LoginParts } from './identity/login.ts';
import { accountOf } from './principal.ts';
import type { RedisConnection } from './store/redis.ts';

export interface RequestSigning {
  readonly requests: SignedRequests;
  readonly mustSign: MustSign;
  readonly giveSigningKey: LoginParts['giveSigningKey'];
  /** Where some mutations must be signed by WeChat's key of the phone. */
  readonly checkUserSignature: CheckUserSignature | undefined;
}

export interface RequestSigningOptions extends Pick<UserSignatureOptions, 'isOnPhone' | 'findKey'> {
  readonly report: ReportSecurityEvent;
  readonly graphqlPath: string;
  /** Without it nonces are remembered by this process alone. */
  readonly redis: RedisConnection | undefined;
  readonly now: () => number;
  readonly log: Logger;
}

/** `undefined` where nothing is signed: signatures are then neither asked for nor looked at. */
export function createRequestSigning(
  settings: Config['signing'],
  { graphqlPath, redis, now, log, isOnPhone, findKey, report }: RequestSigningOptions,
): RequestSigning | undefined {
  const { audience, maxNonces, userKeyMutations } = settings;
  const [current, ...others] = settings.keys;
  if (audience === undefined || (!current && userKeyMutations.length === 0)) return undefined;
  const paths = new Set(settings.requiredPaths);
  const clients = new Set(settings.requiredClients);
  const common = {
    audience,
    nonces: redis
      ? createRedisNonces(redis, nonceKeptMs, now)
      : createMemoryNonces({ windowMs: signatureWindowMs, maxNonces, now }),
    now,
    monotonicNow: () => performance.now(),
    onClockStep: (stepMs: number) =>
      log.error({ stepMs }, 'the clock was set; timestamps are held against it'),
    onNoncesLost: (err: unknown) =>
      log.error({ err }, 'signed requests are refused: nonces cannot be checked'),
  };
  const keys = current && createSignatureKeys([current, ...others]);
  const check =
    keys &&
    createCheckSignature({
      ...{ ...common, keys },
      isRequired({ route = '', headers }) {
        if (paths.has(route)) return true;
        return clients.size > 0 && route === graphqlPath && clients.has(parseClient(headers).name ?? '');
      },
    });
  const checkUserSignature =
    userKeyMutations.length > 0
      ? createCheckUserSignature({
          ...{ ...common, mutations: new Set(userKeyMutations), isOnPhone, findKey },
          onRefuse: (code, user) =>
            report({
              ...{ event: 'SIGNATURE_FAILED', code, userId: accountOf(user), sessionId: user.sessionId },
            }),
        })
      : undefined;
  return {
    requests: createSignedRequests({ check, keptWith: checkUserSignature && userSignatureHeader }),
    mustSign: (principal) => principal.kind === 'user' && clients.has(principal.appId),
    giveSigningKey:
      keys &&
      ((sessionId, appId) => {
        const { keyId, key } = keys.issue(sessionId, appId);
        return { signingKey: key.toString('base64'), signingKeyId: keyId, signingAudience: audience };
      }),
    checkUserSignature,
  };
}
