/** Learns every second what other replicas have changed. */
import type { Logger } from 'pino';

export interface Syncing {
  stop(): void;
}

const intervalMs = 1_000;

/** After the first time it has been tried. @param what is kept in sync, for the log */
export async function keepInSync(what: string, sync: () => Promise<void>, log: Logger): Promise<Syncing> {
  let isAway = false;
  let isSyncing = false;
  const trySync = async (): Promise<void> => {
    isSyncing = true;
    try {
      await sync();
      if (isAway) log.info(`the store of ${what} answers again`);
      isAway = false;
    } catch (err) {
      if (!isAway) log.warn({ err }, `the store of ${what} does not answer; it is tried again`);
      isAway = true;
    } finally {
      isSyncing = false;
    }
  };
  await trySync();
  const timer = setInterval(() => {
    if (!isSyncing) void trySync();
  }, intervalMs);
  return { stop: () => clearInterval(timer) };
}
