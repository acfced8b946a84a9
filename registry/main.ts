/**
 * Runs the registry alone: `npm run registry`. Postgres by DATABASE_URL, else an embedded one in DATA_DIR; with REDIS_URL
 * gateways on that Redis learn of each change at once.
 */
import { join } from 'node:path';
import { endOnSignal } from '../gateway/end-on-signal.ts';
import { StartupError } from '../gateway/startup-error.ts';
import { DatabaseUnavailableError, openDatabase } from '../subgraphs/shared/database.ts';
import { toPublicKeyText } from './bundle/bundle-keys.ts';
import { loadSigningKey } from './bundle/load-signing-key.ts';
import { createAnnouncer } from './publish/announce-in-redis.ts';
import { createRegistry } from './registry.ts';
import { loadRegistrySettings } from './settings.ts';
import { withTimeouts } from './store/with-timeouts.ts';

const write = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

try {
  const settings = await loadRegistrySettings(process.env);
  const { DATABASE_URL, DATA_DIR = '.data/registry', REDIS_URL } = process.env;
  const signingKey = await loadSigningKey({
    file: process.env.MINIGATE_SIGNING_KEY_FILE,
    fallbackFile: DATABASE_URL ? undefined : join(DATA_DIR, 'signing-key.pem'),
  });
  const database = await openDatabase({
    url: DATABASE_URL && withTimeouts(DATABASE_URL),
    dataDir: join(DATA_DIR, 'postgres'),
  });
  const onFault = (error: unknown): void =>
    write(`registry: ${error instanceof Error ? error.stack : String(error)}`);
  const announcer = REDIS_URL ? createAnnouncer(REDIS_URL, onFault) : undefined;
  const registry = await createRegistry(settings, {
    ...{ database, signingKey, onFault },
    ...(announcer && { onCommitted: announcer.announce }),
  }).catch(async (error: unknown) => {
    announcer?.close();
    await database.close();
    throw error;
  });
  endOnSignal(async () => {
    await registry.close();
    announcer?.close();
    await database.close();
  });
  if (!settings.adminToken && !settings.dev)
    write('Nobody can create tokens: set MINIGATE_ADMIN_TOKEN, 32 characters or more, for the first ones.');
  write(`Gateways verify bundles by the key ${toPublicKeyText(signingKey)}`);
  write(`Minigate registry listens at ${registry.url}`);
} catch (error) {
  if (!(error instanceof StartupError || error instanceof DatabaseUnavailableError)) throw error;
  write(error.message);
  process.exitCode = 1;
}
