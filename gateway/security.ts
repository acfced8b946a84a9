/** Puts together what becomes of security events: the log of them, and the bans that behaviour rules set. */
import type { Logger } from 'pino';
import { type BehaviourBan, createBehaviour } from './abuse/behaviour.ts';
import { createFileSecurityLog } from './abuse/file-security-log.ts';
import { createMemoryScores } from './abuse/memory-scores.ts';
import { createMemorySecurityLog } from './abuse/memory-security-log.ts';
import { createRedisScores } from './abuse/redis-scores.ts';
import { createRedisSecurityLog } from './abuse/redis-security-log.ts';
import type { Scores } from './abuse/score.ts';
import { type ReportSecurityEvent, type SecurityEvent, toBanned } from './abuse/security-event.ts';
import { createSecurityLog, type SecurityLog, type SecurityLogStore } from './abuse/security-log.ts';
import { createSharedScores } from './abuse/shared-scores.ts';
import { createTemporaryBans } from './abuse/temporary-bans.ts';
import { createRangeMap, parseAddress, parseRange, toAddressBlock } from './address.ts';
import type { Config } from './config.ts';
import type { RedisConnection } from './store/redis.ts';
import type { Metrics } from './telemetry/metrics.ts';

export interface SecurityParts {
  /** Without it scores are kept in memory, and the log in a folder. */
  readonly redis: RedisConnection | undefined;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether it was set: a ban that lasts longer stays. Rejects when the store of bans is away. */
  setBan(ban: BehaviourBan): Promise<boolean>;
  /** Sees every event but logins that succeed. */
  readonly onEvent: ReportSecurityEvent;
}

/** An address may be a range. */
export type BannedSubject = Pick<BehaviourBan, 'subject' | 'id'>;

export interface Security {
  readonly report: ReportSecurityEvent;
  readonly securityLog: Pick<SecurityLog, 'read'>;
  /** That an operator has set a ban, or lifted one: then what it was for is forgotten, so that it is not set again. */
  tellOfOperator(
    subject: BannedSubject,
    ban: { readonly reason?: string; readonly durationSeconds?: number | undefined } | undefined,
  ): void;
  close(): Promise<void>;
}

const dayMs = 86_400_000;
/** Some 10 MB. */
const maxScores = 50_000;
const maxQueuedRecords = 10_000;
const maxRecordsInMemory = 10_000;

export function createSecurity(config: Config, parts: SecurityParts): Security {
  const { log, metrics, now } = parts;
  const { mode, banMemoryDays, exemptAddresses, ...rules } = config.behaviour;
  const securityLog = createSecurityLog({
    store: createLogStore(config.securityLog, parts),
    maxQueued: maxQueuedRecords,
    now,
    onAway: (err) => log.error({ err }, 'the security log cannot be written; it is tried again'),
    onLost: () => metrics.countSecurityMiss('log'),
  });
  const scores = createScores(parts);
  const bans = createTemporaryBans({
    set: parts.setBan,
    report: (event) => report(event),
    onFailed: (err, ban) => log.error({ err, ban }, 'a ban could not be set; it is tried again'),
  });
  const findExempt = createRangeMap(
    exemptAddresses.flatMap((text) => {
      const range = parseRange(text);
      return range ? [[range, true] as const] : [];
    }),
  );
  const applyRules = createBehaviour({
    ...rules,
    banMemoryMs: banMemoryDays * dayMs,
    scores,
    isExempt: (address) => findExempt(parseAddress(address.replace(/\/64$/, '')) ?? 0n) === true,
    ban: async (ban) => {
      if (mode === 'enforce') await bans.ban(ban);
      else log.warn({ ban }, 'behaviour rules would have banned');
    },
    report: (event) => report(event),
    onDropped: () => metrics.countSecurityMiss('drop'),
  });

  function report(event: SecurityEvent): void {
    metrics.countSecurityEvent({ event: event.event, code: 'code' in event ? event.code : '' });
    if (mode !== 'off') applyRules(event);
    // A login that succeeds is no incident, and there are millions of them.
    if (event.event === 'LOGIN_SUCCEEDED') return;
    log.warn(event, 'security');
    parts.onEvent(event);
    securityLog.write(event);
  }

  return {
    report,
    securityLog,
    tellOfOperator({ subject, id }, ban) {
      if (ban) {
        report({ event: 'BAN_SET', ...toBanned(subject, id), by: 'operator', reason: '', ...ban });
        return;
      }
      report({ event: 'BAN_LIFTED', ...toBanned(subject, id) });
      const block = subject === 'address' ? toAddressBlock(id.replace(/\/(32|64)$/, '')) : id;
      scores.forget({ kind: subject, id: block }).catch(() => metrics.countSecurityMiss('score'));
    },
    async close() {
      bans.close();
      await securityLog.close();
    },
  };
}

function createScores({ redis, metrics }: SecurityParts): Scores {
  const own = createMemoryScores({ maxEntries: maxScores, now: () => performance.now() });
  if (!redis) return own;
  return createSharedScores(createRedisScores(redis), own, () => metrics.countSecurityMiss('score'));
}

function createLogStore(
  { folder, keptDays, maxRecords }: Config['securityLog'],
  { redis, now }: SecurityParts,
): SecurityLogStore {
  if (redis) return createRedisSecurityLog(redis, { keptMs: keptDays * dayMs, maxRecords });
  if (folder !== undefined) return createFileSecurityLog({ folder, keptDays, now });
  return createMemorySecurityLog(maxRecordsInMemory);
}
