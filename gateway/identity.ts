/** Puts identity together: where sessions are kept, who logs in and out, who asks, and who may not. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { createApiKeys } from './identity/api-keys.ts';
import { type Authenticate, createAuthenticate, toClaims, unauthenticated } from './identity/authenticate.ts';
import { type Bans, createBans } from './identity/bans.ts';
import { createLogins, type LoginParts, type Logins } from './identity/login.ts';
import { createMemoryBans } from './identity/memory-bans.ts';
import { createMemorySessionRecords } from './identity/memory-session-records.ts';
import { createOidcLogin, type OidcLogin } from './identity/oidc-login.ts';
import { createRedisBans } from './identity/redis-bans.ts';
import { createRedisSessionRecords } from './identity/redis-session-records.ts';
import { createRefreshTokens } from './identity/refresh-token.ts';
import { createSealer } from './identity/seal.ts';
import { createSessionTokens, parseSigningKeys, type SessionTokens } from './identity/session-token.ts';
import { createSessions, type SessionEvent, type Sessions } from './identity/sessions.ts';
import { createStaff, type Staff } from './identity/staff.ts';
import { createStaffCookies } from './identity/staff-cookie.ts';
import { createOncePerCode } from './identity/wechat/once-per-code.ts';
import type { Roles } from './principal.ts';
import { StartupError } from './startup-error.ts';
import type { RedisConnection } from './store/redis.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface IdentityParts
  extends Pick<LoginParts, 'code2session' | 'readTrustedIdentity' | 'register' | 'giveSigningKey'> {
  readonly roles: Roles;
  /** Without it sessions and bans are kept in memory. */
  readonly redis: RedisConnection | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Identity {
  readonly authenticate: Authenticate;
  readonly logins: Logins;
  readonly staff: Staff;
  readonly sessions: Sessions;
  readonly bans: Bans;
  readonly keySet: SessionTokens['keySet'];
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
  const onEvent = (event: SessionEvent, sessionId: string): void => {
    metrics.countSession(event);
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
  const oidc = createOidcLogin({
    ...{ issuers: config.oidc, now, elapsed },
    onFailed: (issuer, err) => log.error({ issuer, err }, 'the keys of an issuer could not be loaded'),
  });
  await oidc.load();
  const syncing = await keepInSync(bans, oidc, log);
  const maxRolesAgeMs = session.maxRolesAgeSeconds * 1_000;
  const staff = createStaff({
    ...{ oidc, sessions, bans, now, maxRolesAgeMs, cookies: createStaffCookies(keys) },
  });
  return {
    staff,
    authenticate: createAuthenticate({
      ...{ tokens, sessions, bans, staff, roles: parts.roles },
      apiKeys: createApiKeys(config.apiKeys, parts.roles, now),
    }),
    logins: createLogins({
      ...{ code2session: parts.code2session, register: parts.register },
      readTrustedIdentity: parts.readTrustedIdentity,
      oncePerCode: createOncePerCode({ now, mayRepeat: config.dev }),
      giveSigningKey: parts.giveSigningKey,
      ...{ sessions, refreshTokens, tokens, bans, oidc, now },
      tokenLifetimeSeconds: session.tokenLifetimeSeconds,
      maxRolesAgeMs,
    }),
    sessions,
    bans,
    keySet: tokens.keySet,
    logOut: async (authorization) => sessions.end(await toClaims(tokens, authorization)),
    logOutEverywhere: async (authorization) => {
      const claims = await toClaims(tokens, authorization);
      // Who holds the token of a session that has ended may not end the others.
      if (!(await sessions.find(claims))) throw unauthenticated();
      await sessions.endAll(claims.userId);
    },
    isReady: () => bans.isReady() && oidc.isReady(),
    close: async () => {
      syncing.stop();
      await oidc.close();
    },
  };
}

const syncIntervalMs = 1_000;

/** Learns every second of bans that were set elsewhere. */
async function keepInSync(bans: Bans, oidc: OidcLogin, log: Logger): Promise<{ stop(): void }> {
  let isAway = false;
  let isSyncing = false;
  const sync = async (): Promise<void> => {
    try {
      await bans.sync();
      if (isAway) log.info('the store of sessions and bans answers again');
      isAway = false;
    } catch (err) {
      if (!isAway) log.warn({ err }, 'the store of sessions and bans does not answer; it is tried again');
      isAway = true;
    }
  };
  await sync();
  const timer = setInterval(() => {
    if (isSyncing) return;
    isSyncing = true;
    void Promise.all([sync(), oidc.load()]).finally(() => {
      isSyncing = false;
    });
  }, syncIntervalMs);
  return { stop: () => clearInterval(timer) };
}

async function loadSigningKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new StartupError(`The signing key ${path} cannot be read.`, { cause });
  }
}
