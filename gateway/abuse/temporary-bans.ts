/** Sets the bans that rules ask for, also those that could not be set at once. */
import type { BehaviourBan } from './behaviour.ts';
import { type ReportSecurityEvent, toBanned } from './security-event.ts';

export interface TemporaryBansOptions {
  /** Whether it was set: a ban that lasts longer stays. Rejects when the store is away. */
  set(ban: BehaviourBan): Promise<boolean>;
  readonly report: ReportSecurityEvent;
  readonly onFailed: (error: unknown, ban: BehaviourBan) => void;
}

export interface TemporaryBans {
  ban(ban: BehaviourBan): Promise<void>;
  close(): void;
}

const retryIntervalMs = 1_000;
const maxWaiting = 10_000;

/** While the store of bans is away nobody changes anything here; when it is back, who was to be banned is. */
export function createTemporaryBans({ set, report, onFailed }: TemporaryBansOptions): TemporaryBans {
  const waiting = new Map<string, BehaviourBan>();

  const ban = async (asked: BehaviourBan): Promise<void> => {
    const { subject, id, ...details } = asked;
    const key = `${subject} ${id}`;
    try {
      const isSet = await set(asked);
      waiting.delete(key);
      if (isSet) report({ event: 'BAN_SET', ...toBanned(subject, id), by: 'rules', ...details });
    } catch (error) {
      if (!waiting.has(key)) onFailed(error, asked);
      if (waiting.size < maxWaiting) waiting.set(key, asked);
    }
  };
  let isRetrying = false;
  const timer = setInterval(async () => {
    if (isRetrying) return;
    isRetrying = true;
    for (const asked of [...waiting.values()]) {
      await ban(asked);
      if (waiting.has(`${asked.subject} ${asked.id}`)) break;
    }
    isRetrying = false;
  }, retryIntervalMs);
  timer.unref();
  return { ban, close: () => clearInterval(timer) };
}
