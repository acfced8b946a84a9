/** Hears what is sent by NOTIFY on one channel of a Postgres, over a connection of its own. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const connectTimeoutMs = 5_000;
const retryMs = 1_000;

/**
 * A connection that cannot be made, or breaks, is made anew every second. A pooler that lends a connection for one
 * transaction lets nothing be heard; so nobody may depend on it alone.
 *
 * @param onNotified told the payload; nothing when listening begins, since something may have been missed
 * @returns ends it
 */
export function listenToPostgres(
  url: string,
  channel: string,
  onNotified: (payload: string | undefined) => void,
): () => Promise<void> {
  const ending = new AbortController();
  let client: pg.Client | undefined;

  const hear = async (): Promise<void> => {
    client = new pg.Client({
      ...{ connectionString: url, keepAlive: true, connectionTimeoutMillis: connectTimeoutMs },
    });
    const broken = new Promise<void>((resolve) =>
      client?.once('error', () => resolve()).once('end', resolve),
    );
    // More than one may come; without a listener any of them would end the process.
    client.on('error', () => {});
    client.on('notification', ({ payload }) => onNotified(payload));
    try {
      await client.connect();
      await client.query(`listen ${client.escapeIdentifier(channel)}`);
      onNotified(undefined);
      await broken;
    } finally {
      await client.end();
    }
  };
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await hear().catch(() => {});
      await delay(retryMs, undefined, { signal: ending.signal }).catch(() => {});
    }
  };
  const ended = run();
  return async () => {
    ending.abort();
    await client?.end().catch(() => {});
    await ended;
  };
}
