/** Hands in to the registry what was used, now and then; what it does not take is kept, and handed in later. */
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { lookAgain, onFirstFailure } from './supergraph/look-again.ts';
import { type RegistryClient, RegistryError } from './supergraph/registry-client.ts';
import type { SupplyMetrics } from './telemetry/metrics.ts';
import { type ClientUsage, createUsageCounter, type UsageCounter } from './usage/count-usage.ts';

export interface UsageReport {
  readonly count: UsageCounter['count'];
  /** Hands in what is left, once. */
  close(): Promise<void>;
}

export interface UsageReportParts {
  readonly now: () => number;
  readonly log: Logger;
  readonly metrics: Pick<SupplyMetrics, 'countUsageDropped'>;
}

const maxEntries = 50_000;
/** Combinations of a client and a document, at about 150 bytes each. */
const maxPerRequest = 1_000;
const lastReportMs = 1_000;

/** `undefined` where there is no registry, or none that is to be told. */
export function startUsageReport(
  { bundles: { usageIntervalMs: intervalMs } }: Config,
  registry: Pick<RegistryClient, 'sendUsage'> | undefined,
  { now, log, metrics }: UsageReportParts,
): UsageReport | undefined {
  if (!registry || intervalMs === 0) return undefined;
  const counter = createUsageCounter({ maxEntries, now, onDropped: metrics.countUsageDropped });

  const send = async (signal: AbortSignal): Promise<void> => {
    for (;;) {
      const usage = counter.take(maxPerRequest);
      if (usage.length === 0) return;
      try {
        await registry.sendUsage(usage, signal);
      } catch (error) {
        // What the registry cannot read, it will not be able to read later.
        if (isRejection(error)) metrics.countUsageDropped(sumOf(usage));
        else counter.giveBack(usage);
        throw error;
      }
    }
  };
  const reports = lookAgain({
    look: send,
    intervalMs,
    onLooked: onFirstFailure((err) => log.warn({ err }, 'the registry does not take what was used')),
  });
  return {
    count: counter.count,
    async close() {
      await reports.stop();
      await send(AbortSignal.timeout(lastReportMs)).catch(() => {});
    },
  };
}

function isRejection(error: unknown): boolean {
  return error instanceof RegistryError && error.code === 'REGISTRY_REJECTED';
}

function sumOf(usage: readonly ClientUsage[]): number {
  return usage.flatMap(({ operations }) => operations).reduce((sum, { count }) => sum + count, 0);
}
