/** A registry that publishes one change, and is killed just before it sends statement number N: for the tests of crashes. */

import { loadSigningKey } from '../../registry/bundle/load-signing-key.ts';
import { createRegistry } from '../../registry/registry.ts';
import { parseRegistrySettings } from '../../registry/settings.ts';
import { openDatabase } from '../../subgraphs/shared/database.ts';

const { DATABASE_URL, DATA_DIR, KEY_FILE, KILL_AT, SDL = '' } = process.env;
const killAt = Number(KILL_AT);
let statements = Number.NEGATIVE_INFINITY;

const database = await openDatabase({ url: DATABASE_URL, dataDir: DATA_DIR });
const registry = await createRegistry(parseRegistrySettings({ port: 0, dev: true }), {
  database,
  signingKey: await loadSigningKey({ fallbackFile: KEY_FILE }),
  onQuery(sql) {
    // Counted from the first statement that writes.
    if (/^insert into "registry"."schema_version"/.test(sql)) statements = 0;
    statements += 1;
    if (statements === killAt) process.kill(process.pid, 'SIGKILL');
  },
});
const response = await fetch(`${registry.url}/v1/environments/dev/subgraphs/one/publish`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ sdl: SDL, routingUrl: 'http://one.test' }),
});
const body = (await response.json()) as object;
process.stdout.write(`${JSON.stringify({ status: response.status, statements, ...body })}\n`);
await registry.close();
await database.close();
