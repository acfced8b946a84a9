/** Puts identity together: where sessions are kept, who logs in and out, who asks, and who may not. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createApiKeys } from './identity/api-keys.ts';
import {
  type Authenticate,
  createRecognise,
  type Recognise,
  toClaims,
  unauthenticated,
} from './identity/authenticate.ts';
import { type Bans, createBans, type FindBan } from './identity/bans.ts';
import { createLogins, type LoginParts, type Logins } from './identity/login.ts';
import { createMemoryBans } from './identity/memory-bans.ts';
import { createMemorySessionRecords } from './identity/memory-session-records.ts';
import { createOidcLogin } from './identity/oidc-login.ts';
import { createRedisBans } from './identity/redis-bans.ts';
import { createRedisSessionRecords } from './identity/redis-session-records.ts';
import { createRefreshTokens } from './identity/refresh-token.ts';
import { createSealer } from './identity/seal.ts';
import type { SessionIdentity } from './identity/session.ts';
import {
  createSessionTokens,
  parseSigningKeys,
  type SessionClaims,
  type SessionTokens,
} from './identity/session-token.ts';
import { createSessions, type SessionEvent, type Sessions } from './identity/sessions.ts';
import { createStaff, type Staff } from './identity/staff.ts';
import { createStaffCookies } from './identity/staff-cookie.ts';
import { createOncePerCode, defaultReplayMs } from './identity/wechat/once-per-code.ts';
import { createRedisLoginAnswers } from './identity/wechat/redis-login-answers.ts';
import { keepInSync } from './keep-in-sync.ts';
import { StartupError } from './startup-error.ts';
import type { RedisConnection } from './store/redis.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface IdentityParts
  extends Pick<
    LoginParts,
    'code2session' | 'readTrustedIdentity' | 'register' | 'giveSigningKey' | 'report'
  > {
  /** Bans that are in force beside those of the store. */
  readonly findPublishedBan: FindBan;
  /** Has WeChat replace the session key of somebody who has logged out everywhere. Not waited for. */
  giveUpSessionKey(person: Pick<SessionIdentity, 'appId' | 'openid'>, sessionKey: string): void;
  /** Without it sessions and bans are kept in memory. */
  readonly redis: RedisConnection | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Identity {
  readonly recognise: Recognise;
  readonly authenticate: Authenticate;
  readonly logins: Logins;
  readonly staff: Staff;
  readonly sessions: Sessions;
  readonly bans: Bans;
  readonly keySet: SessionTokens['keySet'];
  /** Whose session an access token names, whether or not it still lasts. Asks no store. */
  claimsOf(authorization: string | undefined): Promise<SessionClaims | undefined>;
  logOut(authorization: string | undefined): Promise<void>;
  logOutEverywhere(authorization: string | undefined): Promise<void>;
  /** Whether the store of sessions and every issuer of ID tokens were reached, once. */
  isReady(): boolean;
  close(): Promise<void>;
}

/** @throws StartupError for a key that cannot be used */
export async function createIdentity(config: Config, parts: IdentityParts): Promise<Identity> {
  const { redis, log, metrics, now } = parts;
  const { session } = config;
  const elapsed = (): number => performance.now();
  const onEvent = (event: SessionEvent, sessionId: string, userId?: string): void => {
    metrics.countSession(event);
    if (event === 'reused') parts.report({ event: 'REFRESH_REUSED', userId, sessionId });
    if (event === 'reused' || event === 'damaged') log.warn({ event, sessionId }, 'a session was given up');
  };
  const records = redis
    ? createRedisSessionRecords(redis, { onDamaged: (sessionId) => onEvent('damaged', sessionId) })
    : createMemorySessionRecords({ maxSessions: session.maxSessions, now: elapsed });
  const encryptionKeys = session.encryptionKeys.map((key) => Buffer.from(key, 'base64'));
  const keys = encryptionKeys.length > 0 ? encryptionKeys : [randomBytes(32)];
  const refreshTokens = createRefreshTokens(keys);
  const sessions = createSessions({
    ...{ records, refreshTokens, sealer: createSealer(keys), now, elapsed, onEvent },
    lifetimeMs: session.lifetimeSeconds * 1_000,
    maxPerUser: session.maxPerUser,
    refreshGraceMs: session.refreshGraceSeconds * 1_000,
    recheckMs: session.recheckMs,
    graceMs: session.unconfirmedSeconds * 1_000,
  });
  const tokens = await createSessionTokens({
    privateKeys: parseSigningKeys(await Promise.all(session.signingKeyFiles.map(loadSigningKey))),
    lifetimeSeconds: session.tokenLifetimeSeconds,
    now,
  });
  const bans = createBans(redis ? createRedisBans(redis) : createMemoryBans(elapsed), elapsed);
  const findBan: FindBan = (userId, appId) => bans.find(userId) ?? parts.findPublishedBan(userId, appId);
  const oidc = createOidcLogin({
    ...{ issuers: config.oidc, now, elapsed },
    onFailed: (issuer, err) => log.error({ issuer, err }, 'the keys of an issuer could not be loaded'),
  });
  const sync = async (): Promise<void> => {
    await Promise.all([bans.sync(), oidc.load()]);
  };
  const syncing = await keepInSync('sessions and bans', sync, log);
  const maxRolesAgeMs = session.maxRolesAgeSeconds * 1_000;
  const staff = createStaff({
    ...{
      oidc,
      sessions,
      findBan,
      now,
      maxRolesAgeMs,
      cookies: createStaffCookies(keys),
      report: parts.report,
    },
  });
  const recognise = createRecognise({
    ...{ tokens, sessions, findBan, staff },
    apiKeys: createApiKeys(config.apiKeys, now),
  });
  return {
    staff,
    recognise,
    authenticate: async (authorization, inForce) =>
      (await recognise(authorization, undefined, inForce)).confirmed,
    logins: createLogins({
      ...{ code2session: parts.code2session, register: parts.register, report: parts.report },
      readTrustedIdentity: parts.readTrustedIdentity,
      oncePerCode: createOncePerCode({
        ...{ now, mayRepeat: config.dev },
        shared: redis && createRedisLoginAnswers(redis, defaultReplayMs),
      }),
      giveSigningKey: parts.giveSigningKey,
      ...{ sessions, refreshTokens, tokens, findBan, oidc, now },
      tokenLifetimeSeconds: session.tokenLifetimeSeconds,
      maxRolesAgeMs,
    }),
    sessions,
    bans,
    keySet: tokens.keySet,
    claimsOf: (authorization) => toClaims(tokens, authorization).catch(() => undefined),
    logOut: async (authorization) => sessions.end(await toClaims(tokens, authorization)),
    logOutEverywhere: async (authorization) => {
      const claims = await toClaims(tokens, authorization);
      // Who holds the token of a session that has ended may not end the others.
      const found = await sessions.find(claims);
      if (!found) throw unauthenticated(claims.userId);
      const { appId, openid } = found.session;
      const [sessionKey] = await sessions.sessionKeys({ userId: claims.userId, appId, openid });
      await sessions.endAll(claims.userId);
      if (sessionKey !== undefined) parts.giveUpSessionKey({ appId, openid }, sessionKey);
    },
    isReady: () => bans.isReady() && oidc.isReady(),
    close: async () => {
      syncing.stop();
      await oidc.close();
    },
  };
}

async function loadSigningKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new StartupError(`The signing key ${path} cannot be read.`, { cause });
  }
}
