/** Tells the registry how many bans rules have set, now and then: it hears of all gateways, and knows whom to notify of a wave. */
import type { Logger } from 'pino';
import type { SecurityEvent } from './abuse/security-event.ts';
import { lookAgain, onFirstFailure } from './supergraph/look-again.ts';
import type { BanCount, RegistryClient } from './supergraph/registry-client.ts';

export interface BanReport {
  /** Takes every event; only bans by rules count. */
  count(event: SecurityEvent): void;
  close(): Promise<void>;
}

export interface BanReportParts {
  readonly intervalMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Logger;
}

/** What the registry has not taken by then is no news any more. */
const newsMs = 5 * 60_000;

/** `undefined` where there is no registry, or none that is to be told. */
export function startBanReport(
  registry: Pick<RegistryClient, 'sendBans'> | undefined,
  { intervalMs, now, log }: BanReportParts,
): BanReport | undefined {
  if (!registry || intervalMs === 0) return undefined;
  let counted = new Map<string, BanCount>();
  let sinceMs = 0;

  const forgetOld = (): void => {
    if (now() - sinceMs > newsMs) counted.clear();
  };
  const add = ({ subject, rule, count }: BanCount): void => {
    forgetOld();
    if (counted.size === 0) sinceMs = now();
    const key = `${subject} ${rule}`;
    counted.set(key, { subject, rule, count: (counted.get(key)?.count ?? 0) + count });
  };
  const send = async (signal: AbortSignal): Promise<void> => {
    forgetOld();
    if (counted.size === 0) return;
    const [sent, sentSinceMs] = [counted, sinceMs];
    counted = new Map();
    try {
      await registry.sendBans([...sent.values()], signal);
    } catch (error) {
      for (const one of sent.values()) add(one);
      sinceMs = sentSinceMs;
      throw error;
    }
  };
  const reports = lookAgain({
    look: send,
    intervalMs,
    onLooked: onFirstFailure((err) => log.warn({ err }, 'the registry is not told of bans')),
  });
  return {
    count(event) {
      if (event.event !== 'BAN_SET' || event.by !== 'rules') return;
      const [first] = [...(event.rules ?? [])].sort((a, b) => b.points - a.points);
      const subject = event.userId === undefined ? 'address' : 'user';
      add({ subject, rule: first?.rule ?? 'other', count: 1 });
    },
    close: () => reports.stop(),
  };
}
